package dev.taskport.adapter.rest.ratelimit;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts the requests of each client against a limit. A client that has been quiet may send the
 * whole number at once; from then on it may send them evenly, so that after a period it has the
 * whole number again. Thread-safe.
 *
 * <p>Whoever was quiet for a period has the whole number, and needs no entry. So two generations of
 * entries are kept, each begins when the one before is a period old, and an entry in use moves to
 * the younger one: what goes with the older one says nothing. If a generation is full before, the
 * clients that have been quiet for longest are forgotten, and begin anew. To have itself forgotten,
 * a client would have to be quiet while 50,000 others send requests, which all would be counted
 * too.
 */
@Singleton
@Requires(property = RateLimits.REQUESTS)
final class RateLimits {
  /** The setting without which there is no limit. */
  static final String REQUESTS = "taskport.rate-limit.requests";

  /** Entries that exist at once. An entry takes 350 bytes or so. */
  static final int MOST = 100_000;

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final long requests;
  private final long nanos;
  private final Bandwidth limit;
  private final TimeMeter time;
  private volatile Generations generations;

  /**
   * @param requests how many requests a client may send in a period
   * @param time the clock; null for the system's, which only goes forward
   */
  RateLimits(
      @Property(name = REQUESTS) int requests,
      @Property(name = "taskport.rate-limit.period") Duration period,
      @Nullable TimeMeter time) {
    this.requests = requests;
    this.nanos = period.toNanos();
    this.limit = Bandwidth.builder().capacity(requests).refillGreedy(requests, period).build();
    this.time = time == null ? TimeMeter.SYSTEM_NANOTIME : time;
    this.generations = new Generations(this.time.currentTimeNanos(), new ConcurrentHashMap<>());
  }

  /** The limit as the header {@code RateLimit-Policy} has it. */
  String policy() {
    return "\"default\";q=" + requests + ";w=" + nanos / SECOND;
  }

  /** Counts a request of a client, if it is still within the limit. */
  Allowance take(Object client) {
    ConsumptionProbe probe = bucket(client).tryConsumeAndReturnRemaining(1);
    long remaining = probe.getRemainingTokens();
    if (!probe.isConsumed()) {
      return new Allowance(false, 0, seconds(probe.getNanosToWaitForRefill()));
    }
    // Of the time until the whole number is there again, all but the first step.
    long others = (requests - remaining - 1) * (nanos / requests);
    return new Allowance(true, remaining, seconds(probe.getNanosToWaitForReset() - others));
  }

  private static long seconds(long nanos) {
    return Math.max(1, (nanos + SECOND - 1) / SECOND);
  }

  private Bucket bucket(Object client) {
    Generations now = generations;
    if (time.currentTimeNanos() - now.begin >= nanos) {
      now = next(now);
    }
    Bucket known = now.young.get(client);
    if (known != null) {
      return known;
    }
    if (now.young.mappingCount() >= MOST / 2) {
      now = next(now);
    }
    Bucket old = now.old.get(client);
    return now.young.computeIfAbsent(client, key -> old == null ? newBucket() : old);
  }

  private synchronized Generations next(Generations seen) {
    if (generations == seen) {
      generations = new Generations(time.currentTimeNanos(), seen.young);
    }
    return generations;
  }

  private Bucket newBucket() {
    return Bucket.builder().addLimit(limit).withCustomTimePrecision(time).build();
  }

  /** How many entries there are now. */
  long entries() {
    Generations now = generations;
    return now.young.mappingCount() + now.old.mappingCount();
  }

  /**
   * What is left to a client.
   *
   * @param granted whether the request is within the limit
   * @param remaining how many more requests the client may send now
   * @param seconds after how many seconds it may send one more than that, at least 1
   */
  record Allowance(boolean granted, long remaining, long seconds) {
    /** As the header {@code RateLimit} has it. */
    String header() {
      return "\"default\";r=" + remaining + ";t=" + seconds;
    }
  }

  private static final class Generations {
    private final long begin;
    private final ConcurrentHashMap<Object, Bucket> young = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Object, Bucket> old;

    Generations(long begin, ConcurrentHashMap<Object, Bucket> old) {
      this.begin = begin;
      this.old = old;
    }
  }
}
