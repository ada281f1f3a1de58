package dev.taskport.domain;

import java.time.Instant;

/**
 * Where a task stands in an order: what it is sorted by, and its id to tell apart what is sorted by
 * the same. Two positions are compared only if they are of the same kind.
 */
public sealed interface Position extends Comparable<Position> {

  /** The task that stands there. */
  TaskId id();

  /** A position among times, the earlier first. */
  record ByTime(Instant time, TaskId id) implements Position {
    @Override
    public int compareTo(Position other) {
      int byTime = time.compareTo(((ByTime) other).time);
      return byTime != 0 ? byTime : id.compareTo(other.id());
    }
  }

  /**
   * A position among titles.
   *
   * @param sortKey as {@link Title#sortKey} makes it
   */
  record ByTitle(String sortKey, TaskId id) implements Position {
    @Override
    public int compareTo(Position other) {
      int byTitle = Text.compareCodePoints(sortKey, ((ByTitle) other).sortKey);
      return byTitle != 0 ? byTitle : id.compareTo(other.id());
    }
  }
}
