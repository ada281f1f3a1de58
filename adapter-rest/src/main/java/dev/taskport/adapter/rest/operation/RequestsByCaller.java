package dev.taskport.adapter.rest.operation;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How many requests each caller has under way; knows no others. A request has a rank: it is the
 * caller's first, second, and so on. Thread-safe.
 */
final class RequestsByCaller {
  private final ConcurrentHashMap<Object, Integer> counts = new ConcurrentHashMap<>();

  /** How many requests have this rank: as many as there are callers with so many or more. */
  private final AtomicIntegerArray ranks;

  /**
   * @param most about how many requests there may be; higher ranks are not told apart
   */
  RequestsByCaller(int most) {
    ranks = new AtomicIntegerArray(most + 2);
  }

  /** Counts one more request of a caller, and tells its rank. */
  int begin(Object caller) {
    return counts.compute(
        caller,
        (key, count) -> {
          int rank = count == null ? 1 : count + 1;
          ranks.incrementAndGet(index(rank));
          return rank;
        });
  }

  /** One request of the caller is over. */
  void end(Object caller) {
    counts.computeIfPresent(
        caller,
        (key, count) -> {
          ranks.decrementAndGet(index(count));
          return count == 1 ? null : count - 1;
        });
  }

  /** How many requests of others have a higher rank than the next one of this caller will have. */
  int aboveNextOf(Object caller) {
    int above = 0;
    int rank = index(counts.getOrDefault(caller, 0) + 2);
    for (int same = 1; rank < ranks.length() && same > 0; rank++) {
      same = ranks.get(rank);
      above += same;
    }
    return above;
  }

  private int index(int rank) {
    return Math.min(rank, ranks.length() - 1);
  }
}
