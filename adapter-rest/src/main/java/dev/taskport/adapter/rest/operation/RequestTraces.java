package dev.taskport.adapter.rest.operation;

import io.micronaut.context.annotation.Requires;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.inject.Singleton;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes a span for each request, if there is a tracer: a child of the one that the client names in
 * {@code traceparent}. The attributes are those of OpenTelemetry's semantic conventions for HTTP
 * servers, without the path and the query, which hold what belongs to a user. Thread-safe.
 */
@Singleton
@Requires(beans = Tracer.class)
final class RequestTraces {
  private static final W3CTraceContextPropagator PROPAGATOR =
      W3CTraceContextPropagator.getInstance();

  private static final TextMapGetter<Function<String, @Nullable String>> HEADERS =
      (headers, name) -> headers == null ? null : headers.apply(name);

  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");
  private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

  private final Tracer tracer;

  RequestTraces(Tracer tracer) {
    this.tracer = tracer;
  }

  /**
   * Begins a span. The request's {@code traceparent} names it from now on, so that {@link
   * TraceContext} finds it.
   *
   * @param method the method; OTHER for one that HTTP doesn't define
   */
  Traced begin(HttpRequest request, String method, boolean tls) {
    HttpHeaders headers = request.headers();
    Context parent = contextOf(headers::get);
    boolean known = !method.equals("OTHER");
    Span span =
        tracer
            .spanBuilder(known ? method : "HTTP")
            .setParent(parent)
            .setSpanKind(SpanKind.SERVER)
            .setAttribute(METHOD, known ? method : "_OTHER")
            .setAttribute(SCHEME, tls ? "https" : "http")
            .startSpan();
    PROPAGATOR.inject(
        parent.with(span), headers, (carrier, name, value) -> carrier.set(name, value));
    return new Traced(span);
  }

  /** The context that these headers name. */
  static Context contextOf(Function<String, @Nullable String> headers) {
    return PROPAGATOR.extract(Context.root(), headers, HEADERS);
  }

  /** The span of a request under way. */
  static final class Traced {
    private final Span span;

    private Traced(Span span) {
      this.span = span;
    }

    String traceId() {
      return span.getSpanContext().getTraceId();
    }

    void end(ServedRequest request) {
      String route = request.route();
      if (route != null) {
        span.updateName(request.method() + " " + route);
        span.setAttribute(ROUTE, route);
      }
      if (request.status() != 0) {
        span.setAttribute(STATUS, (long) request.status());
      }
      if (request.status() >= 500) {
        span.setStatus(StatusCode.ERROR);
        span.setAttribute(ERROR, String.valueOf(request.status()));
      }
      span.end();
    }
  }
}
