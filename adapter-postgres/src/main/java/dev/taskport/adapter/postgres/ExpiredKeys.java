package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.database.Statements;
import io.micronaut.context.annotation.Value;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Removes expired idempotency keys, behind traffic that uses keys. */
@Singleton
final class ExpiredKeys {
  private static final String REMOVE =
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
          .formatted(Cleanup.BATCH);

  private final Cleanup cleanup;

  /**
   * @param retention how long a key is remembered at least, by the database's clock
   * @param interval the least time between two rounds, and before the first one
   */
  ExpiredKeys(
      Statements statements,
      @Value("${taskport.idempotency.retention:24h}") Duration retention,
      @Value("${taskport.idempotency.cleanup-interval:1m}") Duration interval) {
    cleanup =
        new Cleanup(statements, "idempotency keys", interval, new Cleanup.Step(REMOVE, retention));
  }

  /** Removes them when it is time again; returns at once. */
  void removeSoon() {
    cleanup.soon();
  }

  @PreDestroy
  void close() throws InterruptedException {
    cleanup.close();
  }
}
