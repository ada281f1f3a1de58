package dev.taskport.planted.domain;

import java.util.ResourceBundle;

/** Words that nobody hands in. */
final class ReadsAResource {
  String word() {
    return ResourceBundle.getBundle("words").getString("note");
  }
}
