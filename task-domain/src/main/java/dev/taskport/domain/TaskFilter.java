package dev.taskport.domain;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Selects tasks: a task matches if it meets every condition that is not null. Tasks have their
 * times in microseconds, so the filter's times are rounded to microseconds in a way that selects
 * the same tasks.
 *
 * @param completed whether the tasks are completed; null for both
 * @param search the text that the title or the description contains
 * @param createdAfter created later than this
 * @param createdBefore created earlier than this
 * @param updatedAfter last modified later than this
 * @param updatedBefore last modified earlier than this
 * @param priorities those of these priorities; empty for all
 * @param tags those that have all of these, in upper or lower case
 * @param dueAfter due later than this; of a date, its 00:00 UTC counts
 * @param dueBefore due earlier than this; of a date, its 00:00 UTC counts
 * @param withoutDueDate only those that have no due date
 */
public record TaskFilter(
    @Nullable Boolean completed,
    @Nullable Search search,
    @Nullable Instant createdAfter,
    @Nullable Instant createdBefore,
    @Nullable Instant updatedAfter,
    @Nullable Instant updatedBefore,
    Set<Priority> priorities,
    Tags tags,
    @Nullable Instant dueAfter,
    @Nullable Instant dueBefore,
    boolean withoutDueDate) {
  /** All of the user's tasks. */
  public static final TaskFilter ALL = new TaskFilter(null, null, null, null, null, null);

  private static final Instant LAST = Instant.MAX.truncatedTo(ChronoUnit.MICROS);

  /** Rounds the times, and puts the priorities in order. */
  public TaskFilter {
    createdAfter = roundedDown(createdAfter);
    createdBefore = roundedUp(createdBefore);
    updatedAfter = roundedDown(updatedAfter);
    updatedBefore = roundedUp(updatedBefore);
    dueAfter = roundedDown(dueAfter);
    dueBefore = roundedUp(dueBefore);
    Set<Priority> copy = EnumSet.noneOf(Priority.class);
    copy.addAll(priorities);
    priorities = Collections.unmodifiableSet(copy);
  }

  /** Without a condition on priority, tags and due date. */
  public TaskFilter(
      @Nullable Boolean completed,
      @Nullable Search search,
      @Nullable Instant createdAfter,
      @Nullable Instant createdBefore,
      @Nullable Instant updatedAfter,
      @Nullable Instant updatedBefore) {
    this(
        completed,
        search,
        createdAfter,
        createdBefore,
        updatedAfter,
        updatedBefore,
        Set.of(),
        Tags.NONE,
        null,
        null,
        false);
  }

  /** Whether the task matches. */
  public boolean allows(Task task) {
    return (completed == null || completed == task.completed())
        && (search == null || search.isFoundIn(task))
        && (createdAfter == null || task.createdAt().isAfter(createdAfter))
        && (createdBefore == null || task.createdAt().isBefore(createdBefore))
        && (updatedAfter == null || task.updatedAt().isAfter(updatedAfter))
        && (updatedBefore == null || task.updatedAt().isBefore(updatedBefore))
        && (priorities.isEmpty() || priorities.contains(task.content().priority()))
        && task.content().tags().hasAll(tags)
        && allows(task.content().dueDate());
  }

  private boolean allows(@Nullable DueDate dueDate) {
    if (dueDate == null) {
      return !needsDueDate();
    }
    return !withoutDueDate
        && (dueAfter == null || dueDate.instant().isAfter(dueAfter))
        && (dueBefore == null || dueDate.instant().isBefore(dueBefore));
  }

  /** Whether only tasks with a due date can meet it. */
  public boolean needsDueDate() {
    return dueAfter != null || dueBefore != null;
  }

  /** Whether no condition is set, except perhaps {@code completed}. */
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
