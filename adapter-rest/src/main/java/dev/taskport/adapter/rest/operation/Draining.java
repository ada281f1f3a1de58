package dev.taskport.adapter.rest.operation;

import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether the service is about to stop. From then on it isn't ready, the next answer on each
 * connection is its last, and streams end, so that clients continue on a different instance.
 * Thread-safe.
 */
@Singleton
public final class Draining {
  private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
  private volatile boolean begun;

  /** Draining, which has not begun. */
  public Draining() {}

  /** Whether the service is about to stop. */
  public boolean begun() {
    return begun;
  }

  /** Begins, and ends all registered streams. Only the first call has an effect. */
  public void begin() {
    begun = true;
    streams.forEach(Stream::end);
  }

  /**
   * Registers an answer that lasts until its client or the service ends it.
   *
   * @param end ends the answer in order; called at most once, from any thread: when draining
   *     begins, or at once if it has begun
   * @return removes the registration; to be called when the answer has ended
   */
  public Runnable register(Runnable end) {
    Stream stream = new Stream(end, new AtomicBoolean());
    streams.add(stream);
    if (begun) {
      stream.end();
    }
    return () -> streams.remove(stream);
  }

  /** How many streams are registered now. */
  public int streams() {
    return streams.size();
  }

  private record Stream(Runnable callback, AtomicBoolean ended) {
    void end() {
      if (!ended.getAndSet(true)) {
        callback.run();
      }
    }
  }
}
