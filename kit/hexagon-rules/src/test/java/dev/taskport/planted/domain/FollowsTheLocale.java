package dev.taskport.planted.domain;

import java.util.Locale;

/** Other words on another machine. */
final class FollowsTheLocale {
  String upper(String text) {
    return text.toUpperCase(Locale.getDefault());
  }
}
