package dev.taskport.adapter.rest.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/** The routes that tell the service's name, version and health. */
@Secured(SecurityRule.IS_ANONYMOUS)
@Controller
final class ServiceController {
  private static final HealthJson HEALTHY = new HealthJson("healthy", null);

  private final Health health;
  private final ServiceVersion version;

  ServiceController(Health health, ServiceVersion version) {
    this.health = health;
    this.version = version;
  }

  @Get("/")
  ServiceJson service() {
    return new ServiceJson("healthy", "Task Management API", version.value());
  }

  /** Asks the store. */
  @Get("/health")
  Publisher<HttpResponse<HealthJson>> health() {
    return health.state().map(ServiceController::answer);
  }

  /** Whether the process answers at all. */
  @Get("/health/liveness")
  HealthJson liveness() {
    return HEALTHY;
  }

  /** Whether to send requests here. */
  @Get("/health/readiness")
  Publisher<HttpResponse<HealthJson>> readiness() {
    return health.readiness().map(ServiceController::answer);
  }

  private static HttpResponse<HealthJson> answer(Health.State state) {
    return state == Health.State.HEALTHY
        ? HttpResponse.ok(HEALTHY)
        : HttpResponse.<HealthJson>status(HttpStatus.SERVICE_UNAVAILABLE)
            .body(new HealthJson("unhealthy", state.reason()));
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
