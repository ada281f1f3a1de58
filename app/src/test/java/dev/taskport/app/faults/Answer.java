package dev.taskport.app.faults;

/** What a client was told. */
sealed interface Answer {
  /** The task as it is now; after a creation, as it was created. */
  record Shown(String title, boolean completed, long version) implements Answer {}

  record Deleted() implements Answer {}

  record Absent() implements Answer {}

  /** The condition doesn't hold: the task has this version. */
  record Stale(long version) implements Answer {}

  /** The request may have been carried out or not, or may still be. */
  record Unknown() implements Answer {}
}
