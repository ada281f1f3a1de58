package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.database.BackgroundThread;
import dev.taskport.adapter.postgres.database.Statements;
import dev.taskport.domain.StoreUnavailableException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what has expired: on a thread of its own, in small batches that lock nobody out, until
 * none is left, and only when it is asked to, so that an idle service leaves the database asleep.
 */
final class Cleanup {
  private static final Logger LOG = LoggerFactory.getLogger(Cleanup.class);

  /** The most rows of a batch. */
  static final int BATCH = 500;

  private final Statements statements;
  private final String what;
  private final long intervalNanos;
  private final List<Step> steps;
  private final AtomicLong lastRound = new AtomicLong(System.nanoTime());
  private final ExecutorService thread;

  /**
   * @param what is removed: {@code idempotency keys}
   * @param interval the least time between two rounds, and before the first one
   */
  Cleanup(Statements statements, String what, Duration interval, Step... steps) {
    this.statements = statements;
    this.what = what;
    this.intervalNanos = interval.toNanos();
    this.steps = List.of(steps);
    this.thread = BackgroundThread.named("expired-" + what.replace(' ', '-'));
  }

  /**
   * Removes what is older than the retention, by the database's clock.
   *
   * @param sql removes a batch. Its parameters are the time at which the batch begins, because what
   *     a batch removed stays in the index while somebody's long transaction goes on, and the
   *     retention. Its row says how many were removed, and the time of the newest of them. It
   *     should lock the rows first and once (MATERIALIZED), and skip those that somebody uses now.
   */
  record Step(String sql, Duration retention) {}

  /** Starts a round when it is time again; returns at once. */
  void soon() {
    long now = System.nanoTime();
    long last = lastRound.get();
    if (now - last >= intervalNanos && lastRound.compareAndSet(last, now)) {
      thread.execute(this::removeAll);
    }
  }

  /** Starts a round; returns at once. */
  void now() {
    lastRound.set(System.nanoTime());
    thread.execute(this::removeAll);
  }

  private void removeAll() {
    try {
      for (Step step : steps) {
        Batch batch = remove(step, OffsetDateTime.MIN);
        while (batch.size() == BATCH && !thread.isShutdown()) {
          batch = remove(step, batch.newest());
        }
      }
    } catch (StoreUnavailableException e) {
      LOG.info("Expired {} are removed later: {}", what, e.getMessage());
    } catch (RuntimeException e) {
      LOG.warn("Expired {} could not be removed; a later round tries again", what, e);
    }
  }

  private Batch remove(Step step, OffsetDateTime from) {
    List<Object> arguments = List.of(from, step.retention().toString());
    return statements.longCall(
        () -> statements.repeatable(step.sql(), arguments, Cleanup::batch).get(0));
  }

  private static Batch batch(ResultSet row) throws SQLException {
    int size = row.getInt(1);
    return new Batch(size, size == 0 ? OffsetDateTime.MIN : row.getObject(2, OffsetDateTime.class));
  }

  /** What was removed: how many, and the time of the newest. */
  private record Batch(int size, OffsetDateTime newest) {}

  /** Lets the batch under way end, if it takes no more than two seconds. */
  void close() throws InterruptedException {
    thread.shutdown();
    if (!thread.awaitTermination(2, TimeUnit.SECONDS)) {
      LOG.warn("Stopped while expired {} were being removed", what);
    }
  }
}
