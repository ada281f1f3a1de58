package dev.taskport.domain.changelog;

import java.time.Instant;

/**
 * How far a user's change log has come. Two marks of one user are equal only if none of the user's
 * tasks was changed between them. Whatever modifies nothing leaves the mark as it is.
 *
 * @param started when the log was started, in microseconds. A store that may have lost changes,
 *     because it was restored from a backup, starts its logs anew: with another time, and with
 *     numbers that go on. A task that had a number never gets 0 again
 * @param number the number of the newest change; 0 if there is none
 */
public record LogMark(Instant started, long number) {
  /** The mark of a user who has not changed any task yet. */
  public static final LogMark NONE = new LogMark(Instant.EPOCH, 0);

  /** Checks the number. */
  public LogMark {
    if (number < 0) {
      throw new IllegalArgumentException("No number of a change: " + number);
    }
  }
}
