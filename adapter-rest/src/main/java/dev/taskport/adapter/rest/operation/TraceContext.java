package dev.taskport.adapter.rest.operation;

import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.core.propagation.MutablePropagatedContext;
import io.micronaut.core.propagation.ThreadPropagatedContextElement;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Makes the request's span the current one on every thread that works for the request, so that the
 * spans of the store are its children, and puts the trace's id into every line of the log.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
@Order(Ordered.HIGHEST_PRECEDENCE)
@Requires(beans = Tracer.class)
final class TraceContext {
  /** The key of the trace's id in the log's context (MDC). */
  static final String LOG_KEY = "trace_id";

  @RequestFilter
  void enter(HttpRequest<?> request, MutablePropagatedContext context) {
    context.add(new Traced(RequestTraces.contextOf(request.getHeaders()::get)));
  }

  private record Traced(Context context) implements ThreadPropagatedContextElement<Before> {
    @SuppressWarnings("MustBeClosedChecker") // restoreThreadContext closes the scope
    @Override
    public Before updateThreadContext() {
      Before before = new Before(context.makeCurrent(), MDC.get(LOG_KEY));
      MDC.put(LOG_KEY, Span.fromContext(context).getSpanContext().getTraceId());
      return before;
    }

    @Override
    public void restoreThreadContext(Before before) {
      before.scope().close();
      if (before.traceId() == null) {
        MDC.remove(LOG_KEY);
      } else {
        MDC.put(LOG_KEY, before.traceId());
      }
    }
  }

  private record Before(Scope scope, @Nullable String traceId) {}
}
