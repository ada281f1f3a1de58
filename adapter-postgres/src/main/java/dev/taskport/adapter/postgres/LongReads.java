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
 * Lets searches and counts, whose cost grows with a user's tasks, hold half of the connections at
 * most: the rest goes on serving everybody's short statements.
 */
@Singleton
final class LongReads {
  /** As long as any statement waits for a connection. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Semaphore permits;

  LongReads(@Value("${datasources.default.maximum-pool-size}") int poolSize) {
    permits = new Semaphore(Math.max(1, poolSize / 2), true);
  }

  /**
   * Runs the read when it is its turn.
   *
   * @throws StoreUnavailableException when that takes too long
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
          "Too many searches and counts are under way", new TimeoutException());
    }
    try {
      return read.get();
    } finally {
      permits.release();
    }
  }
}
