package dev.taskport.adapter.rest.ratelimit;

import dev.taskport.adapter.rest.problem.Problems;
import dev.taskport.adapter.rest.proxy.Callers;
import dev.taskport.adapter.rest.ratelimit.RateLimits.Allowance;
import dev.taskport.adapter.rest.task.UserTasks;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import org.jspecify.annotations.Nullable;

/**
 * Refuses the requests for tasks of a client that sends too many, and tells all clients how many
 * they may still send (draft-ietf-httpapi-ratelimit-headers). {@link Callers} tells whose a request
 * is. It decides after the access filter (order 39,000), so that nobody can use up the requests of
 * a different user, and before the body is read.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Requires(property = RateLimits.REQUESTS)
final class RateLimitFilter {
  private static final int AFTER_SECURITY = 39_100;
  private static final String ATTRIBUTE = "taskport.allowance";

  private final RateLimits limits;
  private final Callers callers;
  private final Problems problems;
  private final String policy;

  RateLimitFilter(RateLimits limits, Callers callers, Problems problems) {
    this.limits = limits;
    this.callers = callers;
    this.problems = problems;
    this.policy = limits.policy();
  }

  @RequestFilter
  @Order(AFTER_SECURITY)
  @Nullable HttpResponse<?> refuse(HttpRequest<?> request) {
    if (!UserTasks.isApi(request)) {
      return null;
    }
    Allowance allowance = limits.take(callers.of(request));
    request.setAttribute(ATTRIBUTE, allowance);
    if (allowance.granted()) {
      return null;
    }
    MutableHttpResponse<?> answer =
        problems
            .answer(
                request,
                HttpStatus.TOO_MANY_REQUESTS,
                "You have sent too many requests in a short time; wait a moment, then try again")
            .header(HttpHeaders.RETRY_AFTER, String.valueOf(allowance.seconds()));
    tell(allowance, answer);
    return answer;
  }

  @ResponseFilter
  void tell(HttpRequest<?> request, MutableHttpResponse<?> response) {
    request.getAttribute(ATTRIBUTE, Allowance.class).ifPresent(left -> tell(left, response));
  }

  private void tell(Allowance allowance, MutableHttpResponse<?> response) {
    response.getHeaders().set("RateLimit-Policy", policy).set("RateLimit", allowance.header());
  }
}
