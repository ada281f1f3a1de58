package dev.taskport.domain;

import java.util.function.Function;

/** What came of changing or deleting a task. */
public sealed interface WriteResult {

  /** Gives what the function for its kind makes of it. */
  <R> R match(Function<Done, R> done, Function<NotFound, R> notFound, Function<Stale, R> stale);

  /**
   * It was carried out.
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
   * @param current the task as it is
   */
  record Stale(Task current) implements WriteResult {
    @Override
    public <R> R match(
        Function<Done, R> done, Function<NotFound, R> notFound, Function<Stale, R> stale) {
      return stale.apply(this);
    }
  }
}
