package dev.taskport.fuzz;

/** What must become of a request. */
enum Fate {
  /** Nothing is wrong with it: it succeeds. */
  ACCEPTED,
  /** Either is right. */
  EITHER,
  /** Something is wrong with it: a 4xx, and nothing changes. */
  REFUSED;

  Fate and(Fate other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
