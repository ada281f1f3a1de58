package dev.taskport.adapter.postgres.database;

import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.StoreUnavailableException.Reason;
import dev.taskport.domain.UserId;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits searches and counts to half of the connections, and each user to one of them at a time.
 * Their cost grows with the number of a user's tasks: the other connections stay free for short
 * statements, and one user's searches leave room for those of the others. Thread-safe.
 */
@Singleton
public final class LongReads {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** As long as a burst of short ones takes. */
  private static final Duration PATIENCE_FOR_ROOM = Duration.ofMillis(100);

  private final Statements statements;

  /** How many long reads of a user may run or wait; more are refused at once. */
  private static final int MOST_OF_A_USER = 6;

  private final Semaphore permits;

  /** For those that run or wait: fewer than the service accepts, so that they never fill it. */
  private final Semaphore room;

  private final Map<UserId, Line> lines = new ConcurrentHashMap<>();

  LongReads(
      Statements statements, @Value("${datasources.default.maximum-pool-size}") int poolSize) {
    this.statements = statements;
    permits = new Semaphore(Math.max(1, poolSize / 2), true);
    room = new Semaphore(2 * poolSize + MOST_OF_A_USER - 1, true);
  }

  /**
   * Runs the user's read as soon as it may have a connection.
   *
   * @throws StoreUnavailableException when the wait takes too long, or too many wait already
   */
  public <T> T run(UserId user, Supplier<T> read) {
    Line line = join(user);
    try {
      long now = System.nanoTime();
      long deadline = now + PATIENCE.toNanos();
      return inTurn(
          room,
          now + PATIENCE_FOR_ROOM.toNanos(),
          () ->
              inTurn(
                  line.turn,
                  deadline,
                  () -> inTurn(permits, deadline, () -> statements.longCall(read))));
    } finally {
      leave(user);
    }
  }

  private Line join(UserId user) {
    Line line =
        lines.compute(
            user,
            (key, current) -> {
              Line joined = current == null ? new Line() : current;
              joined.reads.incrementAndGet();
              return joined;
            });
    if (line.reads.get() > MOST_OF_A_USER) {
      leave(user);
      throw tooMany();
    }
    return line;
  }

  private void leave(UserId user) {
    lines.computeIfPresent(user, LongReads::withoutOne);
  }

  private static @Nullable Line withoutOne(UserId user, Line line) {
    return line.reads.decrementAndGet() == 0 ? null : line;
  }

  private static <T> T inTurn(Semaphore turns, long deadline, Supplier<T> work) {
    boolean permitted;
    try {
      permitted = turns.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("A search or count was interrupted", e);
    }
    if (!permitted) {
      throw tooMany();
    }
    try {
      return work.get();
    } finally {
      turns.release();
    }
  }

  private static StoreUnavailableException tooMany() {
    return new StoreUnavailableException(
        Reason.BUSY, "Too many searches and counts are running", new TimeoutException());
  }

  /** A user's reads. */
  private static final class Line {
    private final Semaphore turn = new Semaphore(1, true);

    /** How many run or wait. */
    private final AtomicInteger reads = new AtomicInteger();
  }
}
