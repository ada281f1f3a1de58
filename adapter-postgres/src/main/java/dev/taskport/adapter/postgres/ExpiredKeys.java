package dev.taskport.adapter.postgres;

import io.micronaut.context.annotation.Value;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes expired idempotency keys: on a thread of its own, in small batches that lock nobody out,
 * and only behind traffic that uses keys, so that an idle service leaves the database asleep.
 */
@Singleton
final class ExpiredKeys {
  private static final Logger LOG = LoggerFactory.getLogger(ExpiredKeys.class);

  private static final int BATCH = 500;

  /** So that one round ends; what is left is for the next one. */
  private static final int BATCHES_PER_ROUND = 100;

  // The rows are locked first and once (MATERIALIZED); those that somebody uses now are skipped.
  private static final String REMOVE_SOME =
      """
      WITH expired AS MATERIALIZED (
        SELECT user_id, key FROM idempotency_keys WHERE created_at < ?
        ORDER BY created_at LIMIT %d FOR UPDATE SKIP LOCKED
      )
      DELETE FROM idempotency_keys USING expired
      WHERE idempotency_keys.user_id = expired.user_id AND idempotency_keys.key = expired.key
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

  /** Removes the keys from before {@code expiry} when it is time again; returns at once. */
  void removeSoon(Instant expiry) {
    long now = System.nanoTime();
    long last = lastRound.get();
    if (now - last >= intervalNanos && lastRound.compareAndSet(last, now)) {
      thread.execute(() -> remove(expiry));
    }
  }

  private void remove(Instant expiry) {
    try {
      List<Object> arguments = List.of(TaskRow.time(expiry));
      int batches = 0;
      while (batches < BATCHES_PER_ROUND
          && !thread.isShutdown()
          && statements.update(REMOVE_SOME, arguments) == BATCH) {
        batches++;
      }
    } catch (RuntimeException e) {
      LOG.warn("Expired idempotency keys could not be removed; a later round tries again", e);
    }
  }

  /** Lets the batch under way end, if it takes no more than two seconds. */
  @PreDestroy
  void close() throws InterruptedException {
    thread.shutdown();
    if (!thread.awaitTermination(2, TimeUnit.SECONDS)) {
      LOG.warn("Stopped while expired idempotency keys were being removed");
    }
  }
}
