package dev.taskport.planted.adapter.web;

import org.jspecify.annotations.Nullable;

/** Waits for somebody who isn't there. */
final class AsksAtTheConsole {
  @Nullable Object ask() {
    return System.console();
  }
}
