package dev.taskport.adapter.rest.service;

import dev.taskport.adapter.rest.operation.Draining;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Whether the service can do its work, and whether it should be sent requests. Thread-safe. */
@Singleton
public final class Health {
  private static final Logger LOG = LoggerFactory.getLogger(Health.class);

  /** Shorter than the usual timeout of load balancers and orchestrators. */
  private static final Duration DEADLINE = Duration.ofSeconds(3);

  private static final Duration READINESS_LIFETIME = Duration.ofSeconds(1);

  private static final HealthStatus STOPPING =
      HealthStatus.DOWN.describe("The service is about to stop");

  private final List<HealthIndicator> indicators;
  private final Draining draining;
  private final Mono<HealthStatus> recentState;

  Health(List<HealthIndicator> indicators, Draining draining) {
    this.indicators = indicators;
    this.draining = draining;
    this.recentState = state().cache(READINESS_LIFETIME);
  }

  /**
   * Asks all indicators, above all the database's. Takes at most three seconds.
   *
   * @return {@link HealthStatus#UP}, or the status of an indicator that is down; never an error
   */
  public Mono<HealthStatus> state() {
    return Flux.fromIterable(indicators)
        .flatMap(
            // An indicator may block, even for ever, or throw.
            indicator -> Flux.defer(indicator::getResult).subscribeOn(Schedulers.boundedElastic()))
        .map(HealthResult::getStatus)
        .filter(Health::isDown)
        .next()
        .timeout(DEADLINE)
        .doOnError(e -> LOG.warn("A health check failed: {}", String.valueOf(e)))
        .onErrorReturn(HealthStatus.DOWN)
        .defaultIfEmpty(HealthStatus.UP);
  }

  /**
   * Whether a load balancer should send requests here: {@link #state}, asked at most once a second,
   * and down as soon as the service is about to stop.
   */
  public Mono<HealthStatus> readiness() {
    return draining.begun() ? Mono.just(STOPPING) : recentState;
  }

  /** Whether the status means that the service can't do its work. */
  public static boolean isDown(HealthStatus status) {
    return !status.getOperational().orElse(true);
  }

  /** The reason in a sentence; null if it is not known. */
  public static @Nullable String reason(HealthStatus status) {
    return status.getDescription().orElse(null);
  }
}
