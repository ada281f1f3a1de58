package dev.taskport.domain;

import org.jspecify.annotations.Nullable;

/**
 * The fields of a task that its user can write, except {@code completed}. A creation with a used
 * idempotency key is a retry if its content is equal.
 *
 * @param title what the task is called
 * @param description a longer text about it, if there is one
 * @param priority how urgent it is
 * @param tags the labels that group it
 * @param dueDate when it is due, if it is
 */
public record TaskContent(
    Title title,
    @Nullable Description description,
    Priority priority,
    Tags tags,
    @Nullable DueDate dueDate) {

  /** Content with this title and the defaults of all other fields. */
  public static TaskContent titled(Title title) {
    return new TaskContent(title, null, Priority.MEDIUM, Tags.NONE, null);
  }

  /** A function of all fields. */
  @FunctionalInterface
  public interface Reader<R> {
    /** Computes the result. */
    R read(
        Title title,
        @Nullable Description description,
        Priority priority,
        Tags tags,
        @Nullable DueDate dueDate);
  }

  /**
   * Passes all fields to the reader, and returns its result. For code that must not forget a field:
   * when a field is added, such code doesn't compile until it takes the new one.
   */
  public <R> R read(Reader<R> reader) {
    return reader.read(title, description, priority, tags, dueDate);
  }
}
