package dev.taskport.domain;

/**
 * How many tasks a user has.
 *
 * @param completed how many are done, not negative
 * @param pending how many are still to be done, not negative
 */
public record TaskSummary(long completed, long pending) {
  /** Checks the numbers. */
  public TaskSummary {
    if (completed < 0 || pending < 0) {
      throw new IllegalArgumentException("Negative number of tasks");
    }
  }

  /** How many there are in all. */
  public long total() {
    return completed + pending;
  }
}
