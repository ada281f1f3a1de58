package dev.taskport.domain;

import org.jspecify.annotations.Nullable;

/**
 * What a task says: everything that its user can write but whether it is done. Two creations with
 * the same idempotency key are the same if their contents are equal.
 *
 * @param title what the task is called
 * @param description more about it, if there is more
 * @param priority how much it presses
 * @param tags by what it is grouped
 * @param dueDate when it is due, if it is
 */
public record TaskContent(
    Title title,
    @Nullable Description description,
    Priority priority,
    Tags tags,
    @Nullable DueDate dueDate) {

  /** With nothing but a title: each other field is what it is when a creation doesn't name it. */
  public static TaskContent titled(Title title) {
    return new TaskContent(title, null, Priority.MEDIUM, Tags.NONE, null);
  }

  /** Makes something of all fields. */
  @FunctionalInterface
  public interface Reader<R> {
    /** Makes it. */
    R read(
        Title title,
        @Nullable Description description,
        Priority priority,
        Tags tags,
        @Nullable DueDate dueDate);
  }

  /**
   * Hands all fields to the reader. Code that must not forget one uses this: when a field is added,
   * it doesn't compile until it takes the field.
   */
  public <R> R read(Reader<R> reader) {
    return reader.read(title, description, priority, tags, dueDate);
  }
}
