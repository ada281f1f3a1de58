package dev.taskport.domain;

import java.util.function.Function;

/** Where in a list a page begins. */
public sealed interface PageStart {
  /** At the first task of the list. */
  PageStart FIRST = new Offset(0);

  /** Whether a page of a list in this order can begin here. */
  boolean isIn(TaskOrder order);

  /** Applies the function for this kind of start, and returns its result. */
  <R> R match(Function<Offset, R> offset, Function<After, R> after);

  /**
   * After this number of tasks. The store reads the tasks before the page and skips them, so the
   * cost grows with the offset. Tasks that are added or removed before the page shift it.
   *
   * @param tasks not negative
   */
  record Offset(int tasks) implements PageStart {
    /** Checks the number. */
    public Offset {
      if (tasks < 0) {
        throw new IllegalArgumentException("Negative offset: " + tasks);
      }
    }

    @Override
    public boolean isIn(TaskOrder order) {
      return true;
    }

    @Override
    public <R> R match(Function<Offset, R> offset, Function<After, R> after) {
      return offset.apply(this);
    }
  }

  /**
   * Right after this position, whether or not its task still exists. The cost is the same anywhere
   * in the list, and changes to other tasks don't shift the page.
   *
   * @param position of the same key as the list's order
   */
  record After(Position position) implements PageStart {
    @Override
    public boolean isIn(TaskOrder order) {
      return order.has(position);
    }

    @Override
    public <R> R match(Function<Offset, R> offset, Function<After, R> after) {
      return after.apply(this);
    }
  }
}
