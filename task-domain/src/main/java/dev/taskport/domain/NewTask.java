package dev.taskport.domain;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A task that nobody owns yet: {@link Task#create} gives it to its user.
 *
 * @param id unique within the user
 * @param content what it says
 * @param createdAt when it is created; cut to microseconds
 */
public record NewTask(TaskId id, TaskContent content, Instant createdAt) {
  /** Cuts the time. */
  public NewTask {
    createdAt = createdAt.truncatedTo(ChronoUnit.MICROS);
  }
}
