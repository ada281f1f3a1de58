package dev.taskport.adapter.rest.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.health.HealthStatus;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** The routes that tell the service's name, version and health. */
@Secured(SecurityRule.IS_ANONYMOUS)
@Controller
final class ServiceController {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceController.class);

  /** Shorter than the usual timeout of load balancers and orchestrators. */
  private static final Duration DEADLINE = Duration.ofSeconds(3);

  private final List<HealthIndicator> indicators;
  private final ServiceVersion version;

  ServiceController(List<HealthIndicator> indicators, ServiceVersion version) {
    this.indicators = indicators;
    this.version = version;
  }

  @Get("/")
  ServiceJson service() {
    return new ServiceJson("healthy", "Task Management API", version.value());
  }

  /** Asks all indicators, above all the database's. */
  @Get("/health")
  Publisher<HttpResponse<HealthJson>> health() {
    return Flux.fromIterable(indicators)
        .flatMap(
            // An indicator may block, even for ever, or throw.
            indicator -> Flux.defer(indicator::getResult).subscribeOn(Schedulers.boundedElastic()))
        .map(HealthResult::getStatus)
        .filter(status -> !status.getOperational().orElse(true))
        .next()
        .timeout(DEADLINE)
        .doOnError(e -> LOG.warn("A health check failed", e))
        .onErrorReturn(HealthStatus.DOWN)
        .map(ServiceController::unhealthy)
        .defaultIfEmpty(HttpResponse.ok(new HealthJson("healthy", null)));
  }

  private static HttpResponse<HealthJson> unhealthy(HealthStatus status) {
    return HttpResponse.<HealthJson>status(HttpStatus.SERVICE_UNAVAILABLE)
        .body(new HealthJson("unhealthy", status.getDescription().orElse(null)));
  }

  @Serdeable.Serializable
  record ServiceJson(String status, String api, String version) {}

  /**
   * @param detail the reason in a sentence, if it is known
   */
  @Serdeable.Serializable
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record HealthJson(String status, @Nullable String detail) {}
}
