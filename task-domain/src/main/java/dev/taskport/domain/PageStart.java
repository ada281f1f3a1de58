package dev.taskport.domain;

import java.util.function.Function;

/** Where in a list a page begins. */
public sealed interface PageStart {
  /** At the list's beginning. */
  PageStart FIRST = new Offset(0);

  /** Whether a page of a list in this order can begin here. */
  boolean isIn(TaskOrder order);

  /** Gives what the function for its kind makes of it. */
  <R> R match(Function<Offset, R> offset, Function<After, R> after);

  /**
   * Past so many tasks. What is before the page is read and left out, so the cost grows with the
   * offset; and what is added or removed there meanwhile moves the page.
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
   * Right after this position, whether or not a task stands there now. It costs the same anywhere,
   * and nothing that other tasks do moves the page.
   *
   * @param position one in the list's order
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
