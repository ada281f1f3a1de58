package dev.taskport.adapter.rest.http;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The requests of one HTTP/2 connection that are carried out at once: only so many, so that a
 * single connection can't take what is for all. The others wait, in order. Used by the connection's
 * event loop only.
 */
final class StreamPlaces {
  /** In bytes, of all requests that wait. */
  private static final long MOST_KEPT = 1024 * 1024;

  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int free;
  private long kept;

  /**
   * @param number how many requests may be carried out at once
   */
  StreamPlaces(int number) {
    free = number;
  }

  /** Begins the request, now or when there is a place for it. */
  void take(Runnable request) {
    if (free > 0) {
      free--;
      request.run();
    } else {
      waiting.add(request);
    }
  }

  /** Forgets a request that waits. */
  void forget(Runnable request) {
    waiting.remove(request);
  }

  /** Keeps bytes of a request that waits; false if there are too many. */
  boolean keep(long bytes) {
    if (kept + bytes > MOST_KEPT) {
      return false;
    }
    kept += bytes;
    return true;
  }

  /** Forgets bytes that were kept. */
  void forget(long bytes) {
    kept -= bytes;
  }

  /** Gives back the place of a request, which the next one gets. */
  void giveBack() {
    Runnable next = waiting.poll();
    if (next == null) {
      free++;
    } else {
      next.run();
    }
  }
}
