package dev.taskport.adapter.postgres.database;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When a call must be over. A little before that the server is asked to cancel what it is doing,
 * because only its answer says for certain that nothing was changed.
 */
final class Deadline {
  private static final long MOST_RESERVE_MS = 500;

  private final long cancelAt;
  private final long end;

  private Deadline(long cancelAt, long end) {
    this.cancelAt = cancelAt;
    this.end = end;
  }

  /** A call that begins now and has this time, of which a tenth is left for its answer's way. */
  static Deadline in(Duration time) {
    long now = System.nanoTime();
    long reserve = reserve(time.dividedBy(10));
    long end = now + time.toNanos() - reserve;
    return new Deadline(end - reserve(time.dividedBy(8)), end);
  }

  private static long reserve(Duration part) {
    return Math.min(part.toNanos(), TimeUnit.MILLISECONDS.toNanos(MOST_RESERVE_MS));
  }

  /** The time left to begin a statement, in milliseconds; negative when it is over. */
  long remainingMs() {
    return TimeUnit.NANOSECONDS.toMillis(cancelAt - System.nanoTime());
  }

  /** Whether it is time to ask the server to cancel the statement. */
  boolean isNear() {
    return System.nanoTime() - cancelAt >= 0;
  }

  /** Whether the answer is not waited for any longer. */
  boolean isOver() {
    return System.nanoTime() - end >= 0;
  }
}
