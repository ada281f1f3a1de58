package dev.taskport.domain;

/** What came of changing or deleting a task. */
public sealed interface WriteResult {
  /**
   * It was carried out.
   *
   * @param task the task after the change, or as it was when deleted
   */
  record Done(Task task) implements WriteResult {}

  /** The user has no such task. */
  record NotFound() implements WriteResult {}

  /**
   * The precondition does not hold: nothing was changed.
   *
   * @param current the task as it is
   */
  record Stale(Task current) implements WriteResult {}
}
