package dev.taskport.domain;

import java.util.Comparator;

/**
 * The order of a list. It is total: tasks that are sorted by the same are in the order of their
 * ids, in the same direction.
 *
 * @param key what tasks are sorted by
 * @param direction which end comes first
 */
public record TaskOrder(Key key, Direction direction) {
  /** What was created last comes first. */
  public static final TaskOrder NEWEST_FIRST = new TaskOrder(Key.CREATED_AT, Direction.DESCENDING);

  /** What tasks can be sorted by. */
  public enum Key {
    CREATED_AT,
    UPDATED_AT,
    /** By {@link Title#sortKey}, as the numbers of its characters in Unicode are. */
    TITLE,
    /** As due dates are ordered; those without one come last in both directions. */
    DUE_DATE,
    /** What presses most first, when ascending. */
    PRIORITY
  }

  /** Which end comes first. */
  public enum Direction {
    ASCENDING,
    DESCENDING
  }

  /** Where the task stands in this order. */
  public Position positionOf(Task task) {
    return switch (key) {
      case CREATED_AT -> new Position.ByCreatedAt(task.createdAt(), task.id());
      case UPDATED_AT -> new Position.ByUpdatedAt(task.updatedAt(), task.id());
      case TITLE -> new Position.ByTitle(task.title().sortKey(), task.id());
      case DUE_DATE -> new Position.ByDueDate(task.content().dueDate(), task.id());
      case PRIORITY -> new Position.ByPriority(task.content().priority(), task.id());
    };
  }

  /** Whether the position is one in this order, be it in this direction or the other. */
  public boolean has(Position position) {
    return key
        == position.match(
            at -> Key.CREATED_AT,
            at -> Key.UPDATED_AT,
            at -> Key.TITLE,
            at -> Key.DUE_DATE,
            at -> Key.PRIORITY);
  }

  /** Puts into this order what {@link #positionOf} gives. */
  public Comparator<Position> comparator() {
    return Comparator.comparing(Position::isLast)
        .thenComparing(
            direction == Direction.ASCENDING
                ? Comparator.naturalOrder()
                : Comparator.reverseOrder());
  }
}
