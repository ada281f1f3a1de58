package dev.taskport.adapter.rest.token;

import io.micronaut.context.BeanProvider;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.RouteMatch;
import io.micronaut.web.router.Router;
import io.micronaut.web.router.UriRouteMatch;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may use a route. Routes marked {@code @Secured(IS_ANONYMOUS)} are open to everybody;
 * a route with a user id in its path is open to that user; its form without the user id is open to
 * every caller with a token, and means the caller's own tasks; all other routes are closed.
 */
@Singleton
final class AccessRule {
  /**
   * A target under {@code /api}, in any spelling. Without a token, all of them answer 401, so that
   * an outsider can't find out which routes exist.
   */
  private static final Pattern UNDER_API =
      Pattern.compile(
          "(https?://[^/]*)?/+(a|%61)(p|%70)(i|%69)(?![\\w-]).*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** The variable in the paths of routes. */
  private static final String USER = "user_id";

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
   * The target as it was sent. {@code getUri()} would read the {@code api} in {@code //api/…} as a
   * host.
   */
  private static String target(HttpRequest<?> request) {
    return request instanceof NettyHttpRequest<?> netty
        ? netty.getNativeRequest().uri()
        : request.getUri().toString();
  }

  /** Whether a request that needs a token may come from this user. */
  boolean isOpenTo(String user, HttpRequest<?> request) {
    RouteMatch<?> route = route(request);
    if (route != null) {
      return isOf(user, route);
    }
    // The path may have routes for other methods or media types. Only its owner may learn that.
    List<UriRouteMatch<Object, Object>> others = router.get().findAny(request);
    return others.stream().allMatch(other -> isOf(user, other));
  }

  /**
   * Whether the route's path names this user, or the route has a form without a user and was called
   * in that form.
   */
  private static boolean isOf(String user, RouteMatch<?> route) {
    String named = userInPath(route);
    return named == null
        ? route instanceof UriRouteMatch<?, ?> match
            && match.getRouteInfo().getUriMatchTemplate().getVariableNames().contains(USER)
        : named.equals(user);
  }

  /** The user in the request's path, decoded once, by the router; null if the path has none. */
  static @Nullable String userInPath(HttpRequest<?> request) {
    RouteMatch<?> route = route(request);
    return route == null ? null : userInPath(route);
  }

  private static @Nullable String userInPath(RouteMatch<?> route) {
    Object user = route.getVariableValues().get(USER);
    return user == null ? null : user.toString();
  }

  private static @Nullable RouteMatch<?> route(HttpRequest<?> request) {
    return RouteAttributes.getRouteMatch(request).orElse(null);
  }
}
