package dev.taskport.adapter.rest.token;

import io.micronaut.context.BeanProvider;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.security.rules.SecurityRuleResult;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.RouteMatch;
import io.micronaut.web.router.Router;
import io.micronaut.web.router.UriRouteMatch;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Decides who may use a route. Routes marked {@code @Secured(IS_ANONYMOUS)} are open to everybody;
 * a route with a user id in its path is open to that user; all others are closed. Micronaut's own
 * rules are never asked, because this one comes first and decides about every request.
 */
@Singleton
final class AccessRule implements SecurityRule<HttpRequest<?>> {
  /**
   * A target under {@code /api}, in any spelling. Without a token all of them answer 401, so that
   * an outsider doesn't learn which exist.
   */
  private static final Pattern UNDER_API =
      Pattern.compile(
          "(https?://[^/]*)?/+(a|%61)(p|%70)(i|%69)(?![\\w-]).*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Publisher<SecurityRuleResult> ALLOWED =
      Mono.just(SecurityRuleResult.ALLOWED);
  private static final Publisher<SecurityRuleResult> REJECTED =
      Mono.just(SecurityRuleResult.REJECTED);

  private final BeanProvider<Router> router;

  AccessRule(BeanProvider<Router> router) {
    this.router = router;
  }

  /** Whether the request needs no token. */
  static boolean isOpen(HttpRequest<?> request) {
    RouteMatch<?> route = route(request);
    return route == null
        ? !UNDER_API.matcher(target(request)).matches()
        : route
            .getRouteInfo()
            .getAnnotationMetadata()
            .stringValue(Secured.class)
            .filter(SecurityRule.IS_ANONYMOUS::equals)
            .isPresent();
  }

  /**
   * The target as it was sent: {@code getUri()} takes the {@code api} of {@code //api/…} for a
   * host.
   */
  private static String target(HttpRequest<?> request) {
    return request instanceof NettyHttpRequest<?> netty
        ? netty.getNativeRequest().uri()
        : request.getUri().toString();
  }

  @Override
  public Publisher<SecurityRuleResult> check(
      HttpRequest<?> request, @Nullable Authentication authentication) {
    return isOpen(request) || (authentication != null && isOwn(request, authentication.getName()))
        ? ALLOWED
        : REJECTED;
  }

  private boolean isOwn(HttpRequest<?> request, String user) {
    RouteMatch<?> route = route(request);
    if (route != null) {
      return user.equals(owner(route));
    }
    // The path may have routes of other methods or media types. Only its owner is told so.
    List<UriRouteMatch<Object, Object>> others = router.get().findAny(request);
    return others.stream().allMatch(other -> user.equals(owner(other)));
  }

  /** The user id in the path, decoded by the router: the text that the handler gets, too. */
  private static @Nullable Object owner(RouteMatch<?> route) {
    return route.getVariableValues().get("user_id");
  }

  private static @Nullable RouteMatch<?> route(HttpRequest<?> request) {
    return RouteAttributes.getRouteMatch(request).orElse(null);
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }
}
