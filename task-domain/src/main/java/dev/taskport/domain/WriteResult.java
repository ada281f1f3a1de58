package dev.taskport.domain;

import java.util.function.Function;

/** The result of changing or deleting a task. */
public sealed interface WriteResult {

  /** Applies the function for this kind of result, and returns what it returns. */
  <R> R match(Function<Done, R> done, Function<NotFound, R> notFound, Function<Stale, R> stale);

  /**
   * The task was changed or deleted.
   *
   * @param task the task after the change, or as it was when deleted
   */
  record Done(Task task) implements WriteResult {
    @Override
    public <R> R match(
        Function<Done, R> done, Function<NotFound, R> notFound, Function<Stale, R> stale) {
      return done.apply(this);
    }
  }

  /** The user has no such task. */
  record NotFound() implements WriteResult {
    @Override
    public <R> R match(
        Function<Done, R> done, Function<NotFound, R> notFound, Function<Stale, R> stale) {
      return notFound.apply(this);
    }
  }

  /**
   * The precondition does not hold: nothing was changed.
   *
   * @param current the task in its present state
   */
  record Stale(Task current) implements WriteResult {
    @Override
    public <R> R match(
        Function<Done, R> done, Function<NotFound, R> notFound, Function<Stale, R> stale) {
      return stale.apply(this);
    }
  }
}
