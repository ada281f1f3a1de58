package dev.taskport.domain;

import org.jspecify.annotations.Nullable;

/**
 * What a task says: everything that its user can write but whether it is done. Two creations with
 * the same idempotency key are the same if their contents are equal.
 *
 * @param title what the task is called
 * @param description more about it, if there is more
 */
public record TaskContent(Title title, @Nullable Description description) {

  /** Makes something of all fields. */
  @FunctionalInterface
  public interface Reader<R> {
    /** Makes it. */
    R read(Title title, @Nullable Description description);
  }

  /**
   * Hands all fields to the reader. Code that must not forget one uses this: when a field is added,
   * it doesn't compile until it takes the field.
   */
  public <R> R read(Reader<R> reader) {
    return reader.read(title, description);
  }
}
