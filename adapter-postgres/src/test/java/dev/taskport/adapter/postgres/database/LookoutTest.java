package dev.taskport.adapter.postgres.database;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LookoutTest {
  private final Semaphore looks = new Semaphore(0);
  private final AtomicBoolean fails = new AtomicBoolean();

  @Test
  void afterALookThatFailedItLooksAgain() throws Exception {
    Lookout lookout = Lookout.begin("lookout", Duration.ofMillis(1), this::look);
    try (lookout) {
      assertTrue(looks.tryAcquire(20, TimeUnit.SECONDS));

      fails.set(true);
      while (fails.get()) {
        Thread.onSpinWait();
      }
      looks.drainPermits();

      assertTrue(looks.tryAcquire(20, TimeUnit.SECONDS));
    }
  }

  private boolean look() {
    if (fails.getAndSet(false)) {
      throw new IllegalStateException("planted");
    }
    looks.release();
    return true;
  }
}
