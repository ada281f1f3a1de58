package dev.taskport.domain.changelog;

import dev.taskport.domain.TaskId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a follower has read a user's change log. A store makes it; the follower keeps it, and
 * gives it back to read on.
 *
 * @param started when the log was started; {@link LogMark#NONE}'s time if it was not started yet
 * @param number the number of the last change that was read; -1 if none was
 * @param id of several tasks with the number 0, those up to this id were read, in the order of
 *     {@link TaskId}; {@code null} if all were. Always {@code null} with another number
 * @param base deletions up to this number don't concern the follower, who began to read later; at
 *     least 0 and at least {@code number}
 */
public record SyncPoint(Instant started, long number, @Nullable TaskId id, long base) {
  /** Checks the number, drops an id that means nothing, and raises the base if it is too low. */
  public SyncPoint {
    if (number < -1) {
      throw new IllegalArgumentException("No number of a change: " + number);
    }
    id = number == 0 ? id : null;
    base = Math.max(base, Math.max(number, 0));
  }

  /** The point of a follower who begins to read when the log has come this far. */
  public static SyncPoint beginningAt(LogMark mark) {
    return new SyncPoint(mark.started(), -1, null, mark.number());
  }

  /** The point behind this change, in the log that has come to the mark. */
  public SyncPoint after(LogMark mark, long changeNumber, TaskId changed) {
    return new SyncPoint(mark.started(), changeNumber, changed, base);
  }

  /** The point behind all changes up to the mark. */
  public SyncPoint at(LogMark mark) {
    return new SyncPoint(mark.started(), mark.number(), null, base);
  }

  /**
   * Whether a store can go on from here: the point is of the same log, or of the time before the
   * first change; it is not ahead of the log; and the store knows all deletions after its base.
   *
   * @param mark how far the user's log has come
   * @param forgotten the highest number of a deletion that the store no longer knows; 0 if it knows
   *     all of them
   */
  public boolean isReadable(LogMark mark, long forgotten) {
    boolean sameLog = base == 0 || started.equals(mark.started());
    return sameLog && base <= mark.number() && base >= forgotten;
  }
}
