package dev.taskport.domain;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A task that has no owner yet: {@link Task#create} makes it a task of a user.
 *
 * @param id unique within the user
 * @param content its title and other fields
 * @param createdAt when it is created; cut to microseconds
 */
public record NewTask(TaskId id, TaskContent content, Instant createdAt) {
  /** Cuts the time. */
  public NewTask {
    createdAt = createdAt.truncatedTo(ChronoUnit.MICROS);
  }
}
