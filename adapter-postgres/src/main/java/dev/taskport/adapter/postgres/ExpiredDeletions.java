package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.database.Statements;
import io.micronaut.context.annotation.Value;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Removes the content of deleted tasks, and deletions from the change log, when they have expired:
 * once after the start, then behind writes.
 */
@Singleton
final class ExpiredDeletions {
  private static final String REMOVE_CONTENT =
      """
      WITH expired AS MATERIALIZED (
        SELECT user_id, id FROM deleted_tasks
        WHERE content IS NOT NULL
          AND deleted_at >= ? AND deleted_at < now() - CAST(? AS interval)
        ORDER BY deleted_at LIMIT %d FOR UPDATE SKIP LOCKED
      ), emptied AS (
        UPDATE deleted_tasks SET content = NULL FROM expired
        WHERE deleted_tasks.user_id = expired.user_id AND deleted_tasks.id = expired.id
        RETURNING deleted_at
      )
      SELECT count(*), max(deleted_at) FROM emptied
      """
          .formatted(Cleanup.BATCH);

  // In the users' order, because another instance may remove deletions of the same users.
  private static final String REMOVE =
      """
      WITH expired AS MATERIALIZED (
        SELECT user_id, id FROM deleted_tasks
        WHERE deleted_at >= ? AND deleted_at < now() - CAST(? AS interval)
        ORDER BY deleted_at LIMIT %d FOR UPDATE SKIP LOCKED
      ), removed AS (
        DELETE FROM deleted_tasks USING expired
        WHERE deleted_tasks.user_id = expired.user_id AND deleted_tasks.id = expired.id
        RETURNING deleted_tasks.user_id, change_number, deleted_at
      ), remembered AS (
        INSERT INTO forgotten_changes AS forgotten (user_id, number)
        SELECT user_id, max(change_number) FROM removed GROUP BY user_id ORDER BY user_id
        ON CONFLICT (user_id) DO UPDATE SET number = greatest(forgotten.number, excluded.number)
      )
      SELECT count(*), max(deleted_at) FROM removed
      """
          .formatted(Cleanup.BATCH);

  private final Cleanup cleanup;

  /**
   * @param ofContent how long a deleted task can be restored
   * @param ofChanges how long a deletion stays in the log at least; longer if the task can be
   *     restored
   * @param interval the least time between two rounds behind writes
   */
  ExpiredDeletions(
      Statements statements,
      @Value("${taskport.deletions.content-retention:30d}") Duration ofContent,
      @Value("${taskport.deletions.retention:30d}") Duration ofChanges,
      @Value("${taskport.deletions.cleanup-interval:1m}") Duration interval) {
    Duration longer = ofContent.compareTo(ofChanges) > 0 ? ofContent : ofChanges;
    // What goes as a whole first, so that its content needn't be removed before.
    cleanup =
        new Cleanup(
            statements,
            "deletions",
            interval,
            new Cleanup.Step(REMOVE, longer),
            new Cleanup.Step(REMOVE_CONTENT, ofContent));
  }

  @EventListener
  void onStart(ServerStartupEvent event) {
    removeNow();
  }

  /** Begins to remove them; returns at once. */
  void removeNow() {
    cleanup.now();
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
