package dev.taskport.planted.domain;

/** A setting that nobody hands in. */
final class ReadsAProperty {
  int limit() {
    return Integer.getInteger("limit", 10);
  }
}
