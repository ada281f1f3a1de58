package dev.taskport.domain;

/**
 * A page of a list.
 *
 * @param filter which tasks the list holds
 * @param order how they are sorted
 * @param start where the page begins; a position must have this order's key
 * @param limit how many tasks the page holds at most; at least 1
 */
public record TaskQuery(TaskFilter filter, TaskOrder order, PageStart start, int limit) {
  /** Checks the start and the limit. */
  public TaskQuery {
    if (!start.isIn(order)) {
      throw new IllegalArgumentException(
          "A page of a list by " + order.key() + " begins at a position of a different order");
    }
    if (limit < 1) {
      throw new IllegalArgumentException("A page of " + limit + " tasks");
    }
  }

  /** The newest tasks, at most this many, without a filter. */
  public static TaskQuery newest(int limit) {
    return new TaskQuery(TaskFilter.ALL, TaskOrder.NEWEST_FIRST, PageStart.FIRST, limit);
  }

  /** A page of the same list and limit that begins here. */
  public TaskQuery from(PageStart newStart) {
    return new TaskQuery(filter, order, newStart, limit);
  }

  /** A page of the same list and start with this limit. */
  public TaskQuery withLimit(int newLimit) {
    return new TaskQuery(filter, order, start, newLimit);
  }
}
