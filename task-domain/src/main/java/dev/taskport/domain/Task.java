package dev.taskport.domain;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that a user wants to get done. Immutable. {@link #create} makes a task and {@link
 * #apply} changes it; {@link #stored} is only for a store that reads a task back.
 */
public final class Task {
  private final TaskId id;
  private final UserId userId;
  private final TaskContent content;
  private final boolean completed;
  private final Instant createdAt;
  private final Instant updatedAt;
  private final long version;

  private Task(
      TaskId id,
      UserId userId,
      TaskContent content,
      boolean completed,
      Instant createdAt,
      Instant updatedAt,
      long version) {
    this.id = id;
    this.userId = userId;
    this.content = content;
    this.completed = completed;
    this.createdAt = createdAt;
    this.updatedAt = updatedAt;
    this.version = version;
  }

  /** A new task of this user: not completed, version 1, updated at the time of its creation. */
  public static Task create(UserId userId, NewTask task) {
    return new Task(
        task.id(), userId, task.content(), false, task.createdAt(), task.createdAt(), 1);
  }

  /** A task that a store holds, as it is: nothing is checked or rounded. */
  public static Task stored(
      TaskId id,
      UserId userId,
      TaskContent content,
      boolean completed,
      Instant createdAt,
      Instant updatedAt,
      long version) {
    return new Task(id, userId, content, completed, createdAt, updatedAt, version);
  }

  /** Its id, unique within the user. */
  public TaskId id() {
    return id;
  }

  /** The user who owns it. */
  public UserId userId() {
    return userId;
  }

  /** The fields that its user can write, except {@code completed}. */
  public TaskContent content() {
    return content;
  }

  /** What it is called. */
  public Title title() {
    return content.title();
  }

  /** More about it, if there is more. */
  public @Nullable Description description() {
    return content.description();
  }

  /** Whether it is done. */
  public boolean completed() {
    return completed;
  }

  /** When it was created, in microseconds. */
  public Instant createdAt() {
    return createdAt;
  }

  /** When it was last modified, in microseconds; never before an earlier modification. */
  public Instant updatedAt() {
    return updatedAt;
  }

  /** 1 for a new task, raised by every modification. */
  public long version() {
    return version;
  }

  /** The state that this task is in. */
  public Revision revision() {
    return new Revision(createdAt, version);
  }

  /**
   * The task after the change; this same object if the change modifies nothing.
   *
   * @param now the time of the change; cut to microseconds
   */
  public Task apply(TaskChange change, Instant now) {
    return change.match(
        edit ->
            modified(
                edit.appliedTo(content),
                edit.completed() != null ? edit.completed() : completed,
                now),
        set -> set.completed() == completed ? this : modified(content, set.completed(), now),
        toggle -> modified(content, !completed, now));
  }

  /**
   * The task after it was deleted and brought back: modified, with the same content.
   *
   * @param now the time of the restoration; cut to microseconds
   */
  public Task restored(Instant now) {
    return modified(content, completed, now);
  }

  private Task modified(TaskContent newContent, boolean newCompleted, Instant now) {
    Instant time = now.truncatedTo(ChronoUnit.MICROS);
    // Clocks of several instances differ: a later change must not look older than an earlier one.
    Instant newUpdatedAt = time.isAfter(updatedAt) ? time : updatedAt;
    return new Task(id, userId, newContent, newCompleted, createdAt, newUpdatedAt, version + 1);
  }

  private List<Object> fields() {
    return List.of(id, userId, content, completed, createdAt, updatedAt, version);
  }

  /** Whether the other is a task with the same values in all fields. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Task task && fields().equals(task.fields());
  }

  @Override
  public int hashCode() {
    return fields().hashCode();
  }

  @Override
  public String toString() {
    return "Task" + fields();
  }
}
