package dev.taskport.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that a user wants to get done. Immutable.
 *
 * @param id unique within the user
 * @param userId whose it is
 * @param title what it is called
 * @param description more about it, if there is more
 * @param completed whether it is done
 * @param createdAt when it was created, in microseconds
 * @param updatedAt when it was last modified, in microseconds; never before an earlier modification
 * @param version 1 for a new task, raised by every modification
 */
public record Task(
    TaskId id,
    UserId userId,
    Title title,
    @Nullable Description description,
    boolean completed,
    Instant createdAt,
    Instant updatedAt,
    long version) {

  /** A new task: not completed, version 1, updated when created. */
  public static Task create(
      TaskId id, UserId userId, Title title, @Nullable Description description, Instant now) {
    return new Task(id, userId, title, description, false, now, now, 1);
  }

  /** The state that this task is in. */
  public Revision revision() {
    return new Revision(createdAt, version);
  }

  /** This task after the change; this very task when the change is no modification. */
  public Task apply(TaskChange change, Instant now) {
    if (change instanceof TaskChange.Edit edit) {
      return modified(
          edit.title() != null ? edit.title() : title,
          edit.changesDescription() ? edit.description() : description,
          edit.completed() != null ? edit.completed() : completed,
          now);
    } else if (change instanceof TaskChange.SetCompleted set) {
      return set.completed() == completed
          ? this
          : modified(title, description, set.completed(), now);
    } else {
      return modified(title, description, !completed, now);
    }
  }

  private Task modified(
      Title newTitle, @Nullable Description newDescription, boolean newCompleted, Instant now) {
    // Clocks of several instances differ: a later change must not look older than an earlier one.
    Instant newUpdatedAt = now.isAfter(updatedAt) ? now : updatedAt;
    return new Task(
        id, userId, newTitle, newDescription, newCompleted, createdAt, newUpdatedAt, version + 1);
  }
}
