package dev.taskport.domain;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which of a user's tasks are meant: those that meet every condition that is there. Times are
 * brought to the microseconds that tasks are kept in, so that the conditions mean the same.
 *
 * @param completed whether the tasks are done; null for both kinds
 * @param search what the title or the description holds
 * @param createdAfter created later than this
 * @param createdBefore created earlier than this
 * @param updatedAfter last modified later than this
 * @param updatedBefore last modified earlier than this
 */
public record TaskFilter(
    @Nullable Boolean completed,
    @Nullable Search search,
    @Nullable Instant createdAfter,
    @Nullable Instant createdBefore,
    @Nullable Instant updatedAfter,
    @Nullable Instant updatedBefore) {
  /** All of the user's tasks. */
  public static final TaskFilter ALL = new TaskFilter(null, null, null, null, null, null);

  private static final Instant LAST = Instant.MAX.truncatedTo(ChronoUnit.MICROS);

  /** Rounds the times. */
  public TaskFilter {
    createdAfter = roundedDown(createdAfter);
    createdBefore = roundedUp(createdBefore);
    updatedAfter = roundedDown(updatedAfter);
    updatedBefore = roundedUp(updatedBefore);
  }

  /** Whether the task is one of those. */
  public boolean allows(Task task) {
    return (completed == null || completed == task.completed())
        && (search == null || search.isFoundIn(task))
        && (createdAfter == null || task.createdAt().isAfter(createdAfter))
        && (createdBefore == null || task.createdAt().isBefore(createdBefore))
        && (updatedAfter == null || task.updatedAt().isAfter(updatedAfter))
        && (updatedBefore == null || task.updatedAt().isBefore(updatedBefore));
  }

  /** Whether it has no condition but, perhaps, {@code completed}. */
  public boolean isOfStateAlone() {
    return equals(new TaskFilter(completed, null, null, null, null, null));
  }

  private static @Nullable Instant roundedDown(@Nullable Instant time) {
    return time == null ? null : time.truncatedTo(ChronoUnit.MICROS);
  }

  private static @Nullable Instant roundedUp(@Nullable Instant time) {
    Instant down = roundedDown(time);
    return down == null || down.equals(time) || down.equals(LAST) ? down : down.plusNanos(1000);
  }
}
