package dev.taskport.app.faults;

import dev.taskport.app.faults.Answer.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One task, what was asked of it, and what was answered. Safe for use by many threads. */
final class Register {
  private final String key;
  private final AtomicInteger titles = new AtomicInteger();
  private final List<Operation> history = new ArrayList<>();
  private volatile @Nullable String id;
  private volatile long lastVersion = 1;

  Register(String key) {
    this.key = key;
  }

  /** The idempotency key, which is the first title, too. */
  String key() {
    return key;
  }

  /** The task's id; null before an answer has told it. */
  @Nullable String id() {
    return id;
  }

  void id(String known) {
    id = known;
  }

  /** What somebody may ask now. */
  Request draw(Random random) {
    if (id == null || random.nextInt(12) == 0) {
      return creation();
    }
    Long ifVersion = random.nextInt(3) == 0 ? Long.valueOf(lastVersion) : null;
    int draw = random.nextInt(100);
    if (draw < 30) {
      return new Request.Get();
    }
    if (draw < 50) {
      return new Request.EditTitle(key + "-" + titles.incrementAndGet(), ifVersion);
    }
    if (draw < 80) {
      return new Request.Toggle(ifVersion);
    }
    return draw < 97
        ? new Request.SetCompleted(random.nextBoolean(), ifVersion)
        : new Request.Delete(ifVersion);
  }

  Request creation() {
    return new Request.Create(key);
  }

  synchronized void book(Operation operation) {
    history.add(operation);
    if (operation.answer() instanceof Shown shown) {
      lastVersion = shown.version();
    }
  }

  synchronized List<Operation> history() {
    return List.copyOf(history);
  }
}
