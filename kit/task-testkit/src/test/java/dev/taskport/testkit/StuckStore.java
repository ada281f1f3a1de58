package dev.taskport.testkit;

import dev.taskport.domain.Precondition;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;

/** A store whose second change never returns. */
final class StuckStore extends Faulty {
  private final CountDownLatch never = new CountDownLatch(1);
  private boolean busy;

  @Override
  public WriteResult change(
      UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now) {
    if (busy) {
      try {
        never.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("The test gave up", e);
      }
    }
    busy = true;
    return super.change(user, id, change, precondition, now);
  }
}
