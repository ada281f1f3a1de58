package dev.taskport.adapter.postgres;

import dev.taskport.domain.StoreUnavailableException;
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
  /** The same as a statement's timeout for a connection. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Semaphore permits;

  LongReads(@Value("${datasources.default.maximum-pool-size}") int poolSize) {
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
          "Too many searches and counts are running", new TimeoutException());
    }
    try {
      return read.get();
    } finally {
      permits.release();
    }
  }
}
