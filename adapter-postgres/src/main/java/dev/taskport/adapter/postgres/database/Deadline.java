package dev.taskport.adapter.postgres.database;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When a call must be over. A little before that the server is asked to cancel what it is doing,
 * because only its answer says for certain that nothing was changed.
 */
public final class Deadline {
  private static final long MOST_RESERVE_MS = 500;

  private final long start;
  private final long cancelAt;
  private final long end;

  private Deadline(long start, long cancelAt, long end) {
    this.start = start;
    this.cancelAt = cancelAt;
    this.end = end;
  }

  /** A call that begins now and has this time, of which a tenth is left for its answer's way. */
  static Deadline in(Duration time) {
    long now = System.nanoTime();
    long nanos = time.toNanos();
    long end = now + nanos - reserve(nanos / 10);
    return new Deadline(now, end - reserve(nanos / 8), end);
  }

  private static long reserve(long nanos) {
    return Math.min(nanos, TimeUnit.MILLISECONDS.toNanos(MOST_RESERVE_MS));
  }

  /** The time left to begin a statement, in milliseconds; negative when it is over. */
  public long remainingMs() {
    return TimeUnit.NANOSECONDS.toMillis(cancelAt - System.nanoTime());
  }

  /** The time left to wait for an answer, in nanoseconds; not above 0 when it is over. */
  public long answerNanos() {
    return end - System.nanoTime();
  }

  /** Whether more than half of the time to begin a statement is left. */
  public boolean isFar() {
    long now = System.nanoTime();
    return cancelAt - now > now - start;
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
