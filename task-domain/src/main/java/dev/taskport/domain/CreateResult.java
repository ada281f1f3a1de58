package dev.taskport.domain;

import java.util.function.Function;

/** The result of creating a task. */
public sealed interface CreateResult {

  /** Applies the function for this kind of result, and returns what it returns. */
  <R> R match(
      Function<Created, R> created,
      Function<Replayed, R> replayed,
      Function<KeyReused, R> keyReused,
      Function<Exists, R> exists);

  /** The task is stored. */
  record Created(Task task) implements CreateResult {
    @Override
    public <R> R match(
        Function<Created, R> created,
        Function<Replayed, R> replayed,
        Function<KeyReused, R> keyReused,
        Function<Exists, R> exists) {
      return created.apply(this);
    }
  }

  /**
   * The key was used before, for equal content: nothing was stored.
   *
   * @param task the task as it was created; it may have been changed or deleted since
   */
  record Replayed(Task task) implements CreateResult {
    @Override
    public <R> R match(
        Function<Created, R> created,
        Function<Replayed, R> replayed,
        Function<KeyReused, R> keyReused,
        Function<Exists, R> exists) {
      return replayed.apply(this);
    }
  }

  /** The key was used before, for different content: nothing was stored. */
  record KeyReused() implements CreateResult {
    @Override
    public <R> R match(
        Function<Created, R> created,
        Function<Replayed, R> replayed,
        Function<KeyReused, R> keyReused,
        Function<Exists, R> exists) {
      return keyReused.apply(this);
    }
  }

  /**
   * The user has a task with this id already: nothing was stored.
   *
   * @param current that task
   */
  record Exists(Task current) implements CreateResult {
    @Override
    public <R> R match(
        Function<Created, R> created,
        Function<Replayed, R> replayed,
        Function<KeyReused, R> keyReused,
        Function<Exists, R> exists) {
      return exists.apply(this);
    }
  }
}
