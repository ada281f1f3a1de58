package dev.taskport.adapter.postgres;

import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.StoreUnavailableException.Reason;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Limits searches and counts to half of the connections. Their cost grows with the number of a
 * user's tasks; the other connections stay free for short statements.
 */
@Singleton
final class LongReads {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Statements statements;
  private final Semaphore permits;

  LongReads(
      Statements statements, @Value("${datasources.default.maximum-pool-size}") int poolSize) {
    this.statements = statements;
    permits = new Semaphore(Math.max(1, poolSize / 2), true);
  }

  /**
   * Runs the read as soon as it may have a connection.
   *
   * @throws StoreUnavailableException when the wait takes too long
   */
  <T> T run(Supplier<T> read) {
    boolean permitted;
    try {
      permitted = permits.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("A search or count was interrupted", e);
    }
    if (!permitted) {
      throw new StoreUnavailableException(
          Reason.BUSY, "Too many searches and counts are running", new TimeoutException());
    }
    try {
      return statements.longCall(read);
    } finally {
      permits.release();
    }
  }
}
