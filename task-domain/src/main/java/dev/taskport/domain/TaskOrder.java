package dev.taskport.domain;

import java.util.Comparator;

/**
 * The order of a list. It is total: tasks with equal sort values are ordered by their ids, in the
 * same direction.
 *
 * @param key the field that tasks are sorted by
 * @param direction ascending or descending
 */
public record TaskOrder(Key key, Direction direction) {
  /** By time of creation, the newest task first. */
  public static final TaskOrder NEWEST_FIRST = new TaskOrder(Key.CREATED_AT, Direction.DESCENDING);

  /** What tasks can be sorted by. */
  public enum Key {
    CREATED_AT,
    UPDATED_AT,
    /** By {@link Title#sortKey}, compared by Unicode code points. */
    TITLE,
    /** By due date, soonest first when ascending; tasks without one come last both ways. */
    DUE_DATE,
    /** By priority, most urgent first when ascending. */
    PRIORITY
  }

  /** Whether the smallest or the largest sort value comes first. */
  public enum Direction {
    ASCENDING,
    DESCENDING
  }

  /** The task's position in this order. */
  public Position positionOf(Task task) {
    return switch (key) {
      case CREATED_AT -> new Position.ByCreatedAt(task.createdAt(), task.id());
      case UPDATED_AT -> new Position.ByUpdatedAt(task.updatedAt(), task.id());
      case TITLE -> new Position.ByTitle(task.title().sortKey(), task.id());
      case DUE_DATE -> new Position.ByDueDate(task.content().dueDate(), task.id());
      case PRIORITY -> new Position.ByPriority(task.content().priority(), task.id());
    };
  }

  /** Whether the position has the sort key of this order. The direction doesn't matter. */
  public boolean has(Position position) {
    return key
        == position.match(
            at -> Key.CREATED_AT,
            at -> Key.UPDATED_AT,
            at -> Key.TITLE,
            at -> Key.DUE_DATE,
            at -> Key.PRIORITY);
  }

  /** Compares positions of this order's key, in its direction. */
  public Comparator<Position> comparator() {
    return Comparator.comparing(Position::isLast)
        .thenComparing(
            direction == Direction.ASCENDING
                ? Comparator.naturalOrder()
                : Comparator.reverseOrder());
  }
}
