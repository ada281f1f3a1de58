package dev.taskport.adapter.postgres.database;

import dev.taskport.domain.StoreHealth;
import dev.taskport.domain.StoreUnavailableException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the database answers a query within two seconds. Concurrent health checks share one
 * query, which runs on a thread of its own. A busy database is up: if no connection is free, but
 * other statements succeed, or it accepts a further connection. After a write has failed for lack
 * of space, the disk counts as full until a test write succeeds; only then does the check write.
 */
@Singleton
final class DatabaseHealth implements StoreHealth {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseHealth.class);

  private static final int DEADLINE_SECONDS = 2;

  private final Statements statements;
  private final DiskSpace disk;
  private final Outages outages;
  private final ExecutorService thread = BackgroundThread.named("database-health");

  private @Nullable CompletableFuture<Boolean> question;

  DatabaseHealth(Statements statements, DiskSpace disk, Outages outages) {
    this.statements = statements;
    this.outages = outages;
    this.disk = disk;
  }

  @Override
  public CompletionStage<State> check() {
    long asked = System.nanoTime();
    return question()
        .copy()
        .completeOnTimeout(false, DEADLINE_SECONDS, TimeUnit.SECONDS)
        .thenApply(answers -> state(answers, asked));
  }

  private State state(boolean answers, long asked) {
    if (disk.isFull()) {
      return State.FULL;
    }
    return answers || statements.answeredSince(asked) ? State.UP : State.DOWN;
  }

  private synchronized CompletableFuture<Boolean> question() {
    CompletableFuture<Boolean> current = question;
    if (current == null || current.isDone()) {
      current = CompletableFuture.supplyAsync(this::answers, thread);
      question = current;
    }
    return current;
  }

  private boolean answers() {
    try {
      statements.ping(Duration.ofSeconds(DEADLINE_SECONDS));
      if (disk.isFull()) {
        disk.lookAgain(DEADLINE_SECONDS);
      }
      outages.answered(false);
      return true;
    } catch (StoreUnavailableException e) {
      outages.noticed(e);
    } catch (RuntimeException e) {
      LOG.warn("The health check of the database failed", e);
    }
    return false;
  }

  @PreDestroy
  void close() {
    thread.shutdownNow();
  }
}
