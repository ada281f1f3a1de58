package dev.taskport.adapter.rest.token;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.authentication.AuthorizationException;
import io.micronaut.security.filters.SecurityFilter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request through if it needs no token, or if its sender may use the route. Micronaut's own
 * filter, which {@code RestProperties} switches off, passes each request through a chain of
 * publishers, even if the token is known.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Requires(property = "micronaut.security.enabled", notEquals = "false", defaultValue = "true")
final class AccessFilter {
  /** The order of the framework's phase {@code SECURITY}. */
  private static final int SECURITY = 39_000;

  private final AccessRule rule;
  private final @Nullable BearerTokens tokens;

  /**
   * @param tokens null if no token is ever accepted
   */
  AccessFilter(AccessRule rule, @Nullable BearerTokens tokens) {
    this.rule = rule;
    this.tokens = tokens;
  }

  /** Returns the request: after a stage that ends with null, the framework would not go on. */
  @RequestFilter
  @Order(SECURITY)
  CompletionStage<HttpRequest<?>> check(HttpRequest<?> request) {
    if (AccessRule.isOpen(request)) {
      return CompletableFuture.completedFuture(request);
    }
    if (tokens == null) {
      throw new AuthorizationException(null);
    }
    return tokens.sender(request).thenApply(sender -> letThrough(request, sender));
  }

  private HttpRequest<?> letThrough(HttpRequest<?> request, @Nullable Authentication sender) {
    if (sender == null || !rule.isOpenTo(sender.getName(), request)) {
      throw new AuthorizationException(sender);
    }
    return request.setAttribute(SecurityFilter.AUTHENTICATION, sender);
  }
}
