package dev.taskport.app.faults;

import org.jspecify.annotations.Nullable;

/**
 * What a client asks of one task. A version, where given, is the condition of {@code If-Match}; a
 * title is never used twice.
 */
sealed interface Request {
  /** Under the task's idempotency key. */
  record Create(String title) implements Request {}

  record Get() implements Request {}

  record EditTitle(String title, @Nullable Long ifVersion) implements Request {}

  record Toggle(@Nullable Long ifVersion) implements Request {}

  record SetCompleted(boolean completed, @Nullable Long ifVersion) implements Request {}

  record Delete(@Nullable Long ifVersion) implements Request {}
}
