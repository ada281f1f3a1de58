package dev.taskport.domain;

/**
 * How many tasks a user has.
 *
 * @param completed how many are done
 * @param pending how many are still to be done
 */
public record TaskSummary(long completed, long pending) {
  /** How many there are in all. */
  public long total() {
    return completed + pending;
  }
}
