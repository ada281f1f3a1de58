package dev.taskport.adapter.rest.operation;

import dev.taskport.adapter.rest.RequestId;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.core.propagation.MutablePropagatedContext;
import io.micronaut.core.propagation.ThreadPropagatedContextElement;
import io.micronaut.http.BasicHttpAttributes;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.netty.util.AsciiString;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Puts the request's id into every line of the log, and its route where the connection reads it.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RequestContext {
  /**
   * The header that carries the route from the framework to {@link ConnectionHandler}, which takes
   * it out of the answer.
   */
  static final AsciiString ROUTE = AsciiString.cached("taskport-route");

  /** The key of the request's id in the log's context (MDC). */
  static final String LOG_KEY = "request_id";

  /** A variable of a route's template, with the slash before it and the pattern that it matches. */
  private static final Pattern VARIABLE = Pattern.compile("\\{(/?)(\\w+)(:[^{}]*)?}");

  private static final Pattern QUERY = Pattern.compile("\\{[?&][^{}]*}");

  private final Map<String, String> names = new ConcurrentHashMap<>();

  @RequestFilter
  void enter(HttpRequest<?> request, MutablePropagatedContext context) {
    context.add(new LoggedId(RequestId.of(request)));
  }

  @ResponseFilter
  void leave(HttpRequest<?> request, MutableHttpResponse<?> response) {
    BasicHttpAttributes.getUriTemplate(request)
        .map(template -> names.computeIfAbsent(template, RequestContext::name))
        .ifPresent(route -> response.getHeaders().set(ROUTE, route));
  }

  /** The template as the documentation writes it, without patterns and query parameters. */
  private static String name(String template) {
    String path = QUERY.matcher(template).replaceAll("");
    return VARIABLE.matcher(path).replaceAll("$1{$2}");
  }

  private record LoggedId(String id) implements ThreadPropagatedContextElement<@Nullable String> {
    @Override
    public @Nullable String updateThreadContext() {
      String before = MDC.get(LOG_KEY);
      MDC.put(LOG_KEY, id);
      return before;
    }

    @Override
    public void restoreThreadContext(@Nullable String before) {
      if (before == null) {
        MDC.remove(LOG_KEY);
      } else {
        MDC.put(LOG_KEY, before);
      }
    }
  }
}
