package dev.taskport.adapter.postgres.database;

import dev.taskport.domain.StoreUnavailableException;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.jdbc.JdbcIndicator;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the database answers a query within two seconds. Concurrent health checks share one
 * query, which runs on a thread of its own. A busy database is up: if no connection is free, but
 * other statements succeed, or it accepts a further connection. A database with a full disk is down
 * until it has space again; only in this state does the check write to it.
 */
@Singleton
@Replaces(JdbcIndicator.class)
final class DatabaseHealthIndicator implements HealthIndicator {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseHealthIndicator.class);

  private static final int DEADLINE_SECONDS = 2;

  private static final HealthStatus DISK_FULL =
      HealthStatus.DOWN.describe("The database's disk is full");

  private final Statements statements;
  private final DiskSpace disk;
  private final Outages outages;
  private final ExecutorService thread = BackgroundThread.named("database-health");

  private @Nullable CompletableFuture<Boolean> question;

  DatabaseHealthIndicator(Statements statements, DiskSpace disk, Outages outages) {
    this.statements = statements;
    this.outages = outages;
    this.disk = disk;
  }

  @Override
  public Publisher<HealthResult> getResult() {
    return Publishers.fromCompletableFuture(this::ask);
  }

  private CompletableFuture<HealthResult> ask() {
    long asked = System.nanoTime();
    return question()
        .copy()
        .completeOnTimeout(false, DEADLINE_SECONDS, TimeUnit.SECONDS)
        .thenApply(yes -> HealthResult.builder("database").status(status(yes, asked)).build());
  }

  private HealthStatus status(boolean answers, long asked) {
    if (disk.isFull()) {
      return DISK_FULL;
    }
    return answers || statements.answeredSince(asked) ? HealthStatus.UP : HealthStatus.DOWN;
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
