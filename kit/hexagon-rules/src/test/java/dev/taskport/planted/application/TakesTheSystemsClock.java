package dev.taskport.planted.application;

import java.time.Clock;

/** A clock of its own. */
final class TakesTheSystemsClock {
  private final Clock clock = Clock.systemUTC();

  Clock clock() {
    return clock;
  }
}
