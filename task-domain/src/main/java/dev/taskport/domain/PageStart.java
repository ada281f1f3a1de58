package dev.taskport.domain;

/** Where in a list a page begins. */
public sealed interface PageStart {
  /** At the list's beginning. */
  PageStart FIRST = new Offset(0);

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
  }

  /**
   * Right after this position, whether or not a task stands there now. It costs the same anywhere,
   * and nothing that other tasks do moves the page.
   *
   * @param position one in the list's order
   */
  record After(Position position) implements PageStart {}
}
