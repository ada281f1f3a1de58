package dev.taskport.planted.domain;

import java.time.Instant;

/** A clock of its own. */
final class AsksForTheTime {
  private final Instant now = Instant.now();

  Instant now() {
    return now;
  }
}
