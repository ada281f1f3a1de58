package dev.taskport.adapter.postgres;

import io.micronaut.context.annotation.Value;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
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
 * Removes expired idempotency keys: on a thread of its own, in small batches that lock nobody out,
 * until none is left, and only behind traffic that uses keys, so that an idle service leaves the
 * database asleep.
 */
@Singleton
final class ExpiredKeys {
  private static final Logger LOG = LoggerFactory.getLogger(ExpiredKeys.class);

  private static final int BATCH = 500;

  // The rows are locked first and once (MATERIALIZED); those that somebody uses now are skipped.
  // A batch begins where the one before ended: what that removed is still in the index, and stays
  // there while somebody's long transaction goes on.
  private static final String REMOVE_SOME =
      """
      WITH expired AS MATERIALIZED (
        SELECT user_id, key FROM idempotency_keys
        WHERE claimed_at >= ? AND claimed_at < now() - CAST(? AS interval)
        ORDER BY claimed_at LIMIT %d FOR UPDATE SKIP LOCKED
      ), removed AS (
        DELETE FROM idempotency_keys USING expired
        WHERE idempotency_keys.user_id = expired.user_id AND idempotency_keys.key = expired.key
        RETURNING claimed_at
      )
      SELECT count(*), max(claimed_at) FROM removed
      """
          .formatted(BATCH);

  private final Statements statements;
  private final long intervalNanos;
  private final AtomicLong lastRound = new AtomicLong(System.nanoTime());
  private final ExecutorService thread = BackgroundThread.named("expired-keys");

  /**
   * @param interval the least time between two rounds, and before the first one
   */
  ExpiredKeys(
      Statements statements,
      @Value("${taskport.idempotency.cleanup-interval:1m}") Duration interval) {
    this.statements = statements;
    this.intervalNanos = interval.toNanos();
  }

  /**
   * Removes the keys claimed longer ago than this, by the database's clock, when it is time again;
   * returns at once.
   */
  void removeSoon(Duration retention) {
    long now = System.nanoTime();
    long last = lastRound.get();
    if (now - last >= intervalNanos && lastRound.compareAndSet(last, now)) {
      thread.execute(() -> remove(retention));
    }
  }

  private void remove(Duration retention) {
    try {
      Batch batch = removeSome(OffsetDateTime.MIN, retention);
      while (batch.size() == BATCH && !thread.isShutdown()) {
        batch = removeSome(batch.newest(), retention);
      }
    } catch (RuntimeException e) {
      LOG.warn("Expired idempotency keys could not be removed; a later round tries again", e);
    }
  }

  private Batch removeSome(OffsetDateTime from, Duration retention) {
    List<Object> arguments = List.of(from, retention.toString());
    return statements.query(REMOVE_SOME, arguments, ExpiredKeys::batch).get(0);
  }

  private static Batch batch(ResultSet row) throws SQLException {
    int size = row.getInt(1);
    return new Batch(size, size == 0 ? OffsetDateTime.MIN : row.getObject(2, OffsetDateTime.class));
  }

  /** What was removed: how many keys, and when the newest of them was claimed. */
  private record Batch(int size, OffsetDateTime newest) {}

  /** Lets the batch under way end, if it takes no more than two seconds. */
  @PreDestroy
  void close() throws InterruptedException {
    thread.shutdown();
    if (!thread.awaitTermination(2, TimeUnit.SECONDS)) {
      LOG.warn("Stopped while expired idempotency keys were being removed");
    }
  }
}
