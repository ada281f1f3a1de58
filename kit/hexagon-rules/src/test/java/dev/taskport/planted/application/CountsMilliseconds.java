package dev.taskport.planted.application;

/** A clock of its own. */
final class CountsMilliseconds {
  long count() {
    return System.currentTimeMillis();
  }
}
