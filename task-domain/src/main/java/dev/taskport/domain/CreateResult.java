package dev.taskport.domain;

/** What came of creating a task. */
public sealed interface CreateResult {
  /** The task is stored. */
  record Created(Task task) implements CreateResult {}

  /**
   * The key was used before, for the same content: nothing was stored.
   *
   * @param task the task as it was first created, whatever has become of it since
   */
  record Replayed(Task task) implements CreateResult {}

  /** The key was used before, for another content: nothing was stored. */
  record KeyReused() implements CreateResult {}

  /**
   * The user has a task of this id: nothing was stored.
   *
   * @param current that task
   */
  record Exists(Task current) implements CreateResult {}
}
