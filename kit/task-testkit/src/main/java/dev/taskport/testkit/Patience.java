package dev.taskport.testkit;

import java.time.Duration;

/** How long a test of a contract waits. */
interface Patience {

  /**
   * How long one test may take before the store counts as stuck; not how fast a store should be.
   */
  default Duration patience() {
    return Duration.ofMinutes(2);
  }
}
