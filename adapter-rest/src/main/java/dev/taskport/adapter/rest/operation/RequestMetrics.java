package dev.taskport.adapter.rest.operation;

import dev.taskport.adapter.rest.problem.Problems;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Measures the requests, if there is a registry: their times by method, route and status, refusals
 * by reason, the replays of idempotent ones, and the open streams. All labels have few values.
 */
@Singleton
@Requires(beans = MeterRegistry.class)
final class RequestMetrics implements RequestObserver {
  /** Of the histogram: from a fast answer to the time that a client gives up. */
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(20),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(200),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10)
  };

  private final MeterRegistry registry;
  private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();
  private final Map<String, Counter> refusals = new ConcurrentHashMap<>();
  private final Counter replays;

  RequestMetrics(MeterRegistry registry, Draining draining) {
    this.registry = registry;
    this.replays =
        Counter.builder("taskport.requests.replayed")
            .description("Answers that repeat the one to an earlier request with the same key")
            .register(registry);
    // From the start, so that the first one is a rise.
    Problems.REFUSALS.forEach(reason -> refusals.put(reason, refusal(reason)));
    Gauge.builder("taskport.streams", draining, Draining::streams)
        .description("Open streams of events")
        .register(registry);
  }

  @Override
  public void served(ServedRequest request) {
    String route = request.route();
    timers
        .computeIfAbsent(
            new Kind(request.method(), route == null ? "none" : route, request.status()),
            this::timer)
        .record(request.nanos(), TimeUnit.NANOSECONDS);
    if (request.replayed()) {
      replays.increment();
    }
    String refusal = request.refusal();
    if (refusal != null) {
      refusals.computeIfAbsent(refusal, this::refusal).increment();
    }
  }

  private Counter refusal(String reason) {
    return Counter.builder("taskport.requests.refused")
        .description("Requests that were refused, but may succeed later")
        .tag("reason", reason)
        .register(registry);
  }

  private Timer timer(Kind kind) {
    return Timer.builder("http.server.requests")
        .description("Requests; status none: the connection ended before the answer")
        .tag("method", kind.method())
        .tag("route", kind.route())
        .tag("status", kind.status() == 0 ? "none" : String.valueOf(kind.status()))
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private record Kind(String method, String route, int status) {}
}
