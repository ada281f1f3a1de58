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
 * Who may use which route: everybody those marked {@code @Secured(IS_ANONYMOUS)}; a user those
 * under that user's id; nobody any other. Decides about every request, so the framework's own rules
 * have no say.
 */
@Singleton
final class AccessRule implements SecurityRule<HttpRequest<?>> {
  /** However it is spelt: where no route is, an outsider needn't learn which paths exist. */
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

  /** Whether the request is answered without regard to tokens. */
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

  /** As it came, with all its slashes: in {@code //api/…} the {@code api} could be a host. */
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
    // No such method or media type, perhaps: that is the owner's to know. Else there is no route.
    List<UriRouteMatch<Object, Object>> others = router.get().findAny(request);
    return others.stream().allMatch(other -> user.equals(owner(other)));
  }

  /** The very text that becomes the handler's {@code UserId}: decoded once, by the router. */
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
