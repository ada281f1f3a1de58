package dev.taskport.adapter.rest.http;

import dev.taskport.adapter.rest.RequestId;
import dev.taskport.adapter.rest.problem.Problems;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpHeaders;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.server.annotation.PreMatching;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets pages of the allowed origins call the service (WHATWG Fetch, CORS). The framework's own
 * filter refuses preflights for paths, methods and headers that it doesn't know; the browser then
 * hides the 404 that would explain it. This filter answers the preflight, so that the page sees the
 * 404 or 405 of the request.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(Ordered.HIGHEST_PRECEDENCE)
final class CorsFilter {
  private static final String ALLOWED_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
  private static final String EXPOSED_HEADERS =
      String.join(
          ", ",
          "ETag",
          "Link",
          "Location",
          "Retry-After",
          "Idempotency-Replayed",
          "X-Total-Count",
          Preferences.APPLIED,
          RequestId.HEADER,
          "RateLimit",
          "RateLimit-Policy",
          "WWW-Authenticate");
  private static final String MAX_AGE_SECONDS = "600";

  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final Pattern METHOD = Pattern.compile(TOKEN);
  private static final Pattern HEADERS = Pattern.compile(TOKEN + "(\\s*,\\s*" + TOKEN + ")*+");

  private final AllowedOrigins allowed;
  private final RefusedOrigins refused;
  private final Problems problems;

  CorsFilter(AllowedOrigins allowed, RefusedOrigins refused, Problems problems) {
    this.allowed = allowed;
    this.refused = refused;
    this.problems = problems;
  }

  /** Answers preflights. All other requests continue, from whatever origin. */
  @PreMatching
  @RequestFilter
  @Nullable HttpResponse<?> answerPreflight(HttpRequest<?> request) {
    String origin = origin(request);
    if (origin == null) {
      return null;
    }
    boolean known = allowed.contain(origin);
    if (!known && !isSameOrigin(request, origin)) {
      refused.note(origin);
    }
    if (!isPreflight(request)) {
      return null;
    }
    return known
        ? preflight(origin, request.getHeaders()).header(RequestId.HEADER, RequestId.of(request))
        : problems.answer(
            request,
            HttpStatus.FORBIDDEN,
            "Pages of %s may not call this service; its setting CORS_ORIGINS lists those that may"
                .formatted(RefusedOrigins.printable(origin)));
  }

  private static MutableHttpResponse<?> preflight(String origin, HttpHeaders asked) {
    MutableHttpResponse<?> response = HttpResponse.ok();
    MutableHttpHeaders headers = response.getHeaders();
    letRead(origin, headers);
    headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, methods(asked));
    String names = String.join(", ", asked.getAll(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS));
    if (HEADERS.matcher(names).matches()) {
      headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, names);
    }
    if ("true".equals(asked.get(HttpHeaders.ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK))) {
      headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_PRIVATE_NETWORK, "true");
    }
    headers.set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS);
    headers.set(
        HttpHeaders.VARY,
        String.join(
            ", ",
            HttpHeaders.ORIGIN,
            HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD,
            HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS));
    return response;
  }

  /**
   * The service's methods and the requested one. If the service lacks it, the request itself gets a
   * 405.
   */
  private static String methods(HttpHeaders asked) {
    String method = String.valueOf(asked.get(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD));
    boolean known = List.of(ALLOWED_METHODS.split(", ")).contains(method);
    return known || !METHOD.matcher(method).matches()
        ? ALLOWED_METHODS
        : ALLOWED_METHODS + ", " + method;
  }

  /** Lets pages of an allowed origin read the answer, whatever it is. */
  @ResponseFilter
  void letRead(HttpRequest<?> request, MutableHttpResponse<?> response) {
    String origin = origin(request);
    if (origin != null && allowed.contain(origin)) {
      letRead(origin, response.getHeaders());
    }
  }

  private static void letRead(String origin, MutableHttpHeaders headers) {
    headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    headers.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
  }

  private static @Nullable String origin(HttpRequest<?> request) {
    if (!request.getHeaders().contains(HttpHeaderNames.ORIGIN)) {
      return null;
    }
    List<String> origins = request.getHeaders().getAll(HttpHeaderNames.ORIGIN);
    return origins.size() == 1 ? origins.get(0) : null;
  }

  private static boolean isPreflight(HttpRequest<?> request) {
    return request.getMethod() == HttpMethod.OPTIONS
        && request.getHeaders().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
  }

  /**
   * Whether the page comes from this host, such as the documentation. The scheme is not compared,
   * because the service doesn't know it behind a proxy.
   */
  private static boolean isSameOrigin(HttpRequest<?> request, String origin) {
    String host = request.getHeaders().get(HttpHeaders.HOST);
    return host != null
        && origin
            .toLowerCase(Locale.ROOT)
            .replaceFirst("^https?://", "")
            .equals(host.toLowerCase(Locale.ROOT));
  }
}
