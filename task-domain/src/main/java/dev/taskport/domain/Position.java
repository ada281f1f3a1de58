package dev.taskport.domain;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A task's position in an order: its sort value, and its id, which orders tasks with equal sort
 * values. There is one kind of position for each {@link TaskOrder.Key}; {@link #compareTo} accepts
 * only the same kind.
 */
public sealed interface Position extends Comparable<Position> {

  /** The id of the task at this position. */
  TaskId id();

  /** Applies the function for this kind of position, and returns its result. */
  <R> R match(
      Function<ByCreatedAt, R> byCreatedAt,
      Function<ByUpdatedAt, R> byUpdatedAt,
      Function<ByTitle, R> byTitle,
      Function<ByDueDate, R> byDueDate,
      Function<ByPriority, R> byPriority);

  /** Whether it is behind all that aren't so, in both directions. */
  default boolean isLast() {
    return false;
  }

  /**
   * A position by time of creation, the earliest first.
   *
   * @param time cut to microseconds
   */
  record ByCreatedAt(Instant time, TaskId id) implements Position {
    /** Cuts the time. */
    public ByCreatedAt {
      time = time.truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public <R> R match(
        Function<ByCreatedAt, R> byCreatedAt,
        Function<ByUpdatedAt, R> byUpdatedAt,
        Function<ByTitle, R> byTitle,
        Function<ByDueDate, R> byDueDate,
        Function<ByPriority, R> byPriority) {
      return byCreatedAt.apply(this);
    }

    @Override
    public int compareTo(Position other) {
      if (other instanceof ByCreatedAt that) {
        int byTime = time.compareTo(that.time);
        return byTime != 0 ? byTime : id.compareTo(that.id);
      }
      throw incomparable(this, other);
    }
  }

  /**
   * A position by time of the last modification, the earliest first.
   *
   * @param time cut to microseconds
   */
  record ByUpdatedAt(Instant time, TaskId id) implements Position {
    /** Cuts the time. */
    public ByUpdatedAt {
      time = time.truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public <R> R match(
        Function<ByCreatedAt, R> byCreatedAt,
        Function<ByUpdatedAt, R> byUpdatedAt,
        Function<ByTitle, R> byTitle,
        Function<ByDueDate, R> byDueDate,
        Function<ByPriority, R> byPriority) {
      return byUpdatedAt.apply(this);
    }

    @Override
    public int compareTo(Position other) {
      if (other instanceof ByUpdatedAt that) {
        int byTime = time.compareTo(that.time);
        return byTime != 0 ? byTime : id.compareTo(that.id);
      }
      throw incomparable(this, other);
    }
  }

  /**
   * A position by title.
   *
   * @param sortKey the result of {@link Title#sortKey}
   */
  record ByTitle(String sortKey, TaskId id) implements Position {
    @Override
    public <R> R match(
        Function<ByCreatedAt, R> byCreatedAt,
        Function<ByUpdatedAt, R> byUpdatedAt,
        Function<ByTitle, R> byTitle,
        Function<ByDueDate, R> byDueDate,
        Function<ByPriority, R> byPriority) {
      return byTitle.apply(this);
    }

    @Override
    public int compareTo(Position other) {
      if (other instanceof ByTitle that) {
        int byTitle = Text.compareCodePoints(sortKey, that.sortKey);
        return byTitle != 0 ? byTitle : id.compareTo(that.id);
      }
      throw incomparable(this, other);
    }
  }

  /**
   * A position among due dates, the sooner first.
   *
   * @param dueDate null for a task without one, which {@linkplain #isLast() is last}
   */
  record ByDueDate(@Nullable DueDate dueDate, TaskId id) implements Position {
    private static final Comparator<@Nullable DueDate> SOONEST_FIRST =
        Comparator.nullsLast(Comparator.naturalOrder());

    @Override
    public <R> R match(
        Function<ByCreatedAt, R> byCreatedAt,
        Function<ByUpdatedAt, R> byUpdatedAt,
        Function<ByTitle, R> byTitle,
        Function<ByDueDate, R> byDueDate,
        Function<ByPriority, R> byPriority) {
      return byDueDate.apply(this);
    }

    @Override
    public boolean isLast() {
      return dueDate == null;
    }

    @Override
    public int compareTo(Position other) {
      if (other instanceof ByDueDate that) {
        int byDueDate = SOONEST_FIRST.compare(dueDate, that.dueDate);
        return byDueDate != 0 ? byDueDate : id.compareTo(that.id);
      }
      throw incomparable(this, other);
    }
  }

  /** A position among priorities, what presses most first. */
  record ByPriority(Priority priority, TaskId id) implements Position {
    @Override
    public <R> R match(
        Function<ByCreatedAt, R> byCreatedAt,
        Function<ByUpdatedAt, R> byUpdatedAt,
        Function<ByTitle, R> byTitle,
        Function<ByDueDate, R> byDueDate,
        Function<ByPriority, R> byPriority) {
      return byPriority.apply(this);
    }

    @Override
    public int compareTo(Position other) {
      if (other instanceof ByPriority that) {
        int byPriority = that.priority.compareTo(priority);
        return byPriority != 0 ? byPriority : id.compareTo(that.id);
      }
      throw incomparable(this, other);
    }
  }

  private static ClassCastException incomparable(Position one, Position other) {
    return new ClassCastException(
        "A position %s can't be compared with one %s"
            .formatted(one.getClass().getSimpleName(), other.getClass().getSimpleName()));
  }
}
