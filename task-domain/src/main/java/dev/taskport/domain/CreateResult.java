package dev.taskport.domain;

import java.util.function.Function;

/** What came of creating a task. */
public sealed interface CreateResult {

  /** Gives what the function for its kind makes of it. */
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
   * The key was used before, for the same content: nothing was stored.
   *
   * @param task the task as it was first created, whatever has become of it since
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

  /** The key was used before, for another content: nothing was stored. */
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
   * The user has a task of this id: nothing was stored.
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
