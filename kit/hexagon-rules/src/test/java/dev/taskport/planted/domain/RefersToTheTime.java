package dev.taskport.planted.domain;

import java.time.Instant;
import java.util.function.Supplier;

/** A clock of its own, by a method reference. */
final class RefersToTheTime {
  private final Supplier<Instant> now = Instant::now;

  Instant now() {
    return now.get();
  }
}
