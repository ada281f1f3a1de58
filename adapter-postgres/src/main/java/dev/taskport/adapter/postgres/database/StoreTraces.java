package dev.taskport.adapter.postgres.database;

import io.micronaut.context.annotation.Requires;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import jakarta.inject.Singleton;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes spans for the calls of the store and for their statements, if there is a tracer. They are
 * children of the thread's current span; work behind the scenes, for which there is none, leaves no
 * spans. The attributes are those of OpenTelemetry's semantic conventions for databases, without
 * the text and the parameters of a statement. Thread-safe.
 */
@Singleton
@Requires(beans = Tracer.class)
public final class StoreTraces {
  private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("db.system.name");
  private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("db.operation.name");
  private static final AttributeKey<String> STATUS =
      AttributeKey.stringKey("db.response.status_code");
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

  private static final Pattern FIRST_WORD = Pattern.compile("\\s*(\\w+)");

  private final Tracer tracer;

  StoreTraces(Tracer tracer) {
    this.tracer = tracer;
  }

  /**
   * Begins the span of a call, which is the thread's current one until it is closed; null if there
   * is no trace that it belongs to.
   *
   * @param operation such as {@code TaskRepository.find}
   */
  public @Nullable OpenSpan call(String operation) {
    return begin(operation, SpanKind.INTERNAL);
  }

  /** Likewise for a statement that is sent to the server. */
  @Nullable OpenSpan statement(String sql) {
    Matcher word = FIRST_WORD.matcher(sql);
    String operation = word.lookingAt() ? word.group(1) : "SQL";
    OpenSpan span = begin(operation, SpanKind.CLIENT);
    if (span != null) {
      span.span.setAttribute(SYSTEM, "postgresql").setAttribute(OPERATION, operation);
    }
    return span;
  }

  @SuppressWarnings("MustBeClosedChecker") // OpenSpan closes the scope
  private @Nullable OpenSpan begin(String name, SpanKind kind) {
    Context parent = Context.current();
    if (!Span.fromContext(parent).getSpanContext().isValid()) {
      return null;
    }
    Span span = tracer.spanBuilder(name).setParent(parent).setSpanKind(kind).startSpan();
    return new OpenSpan(span, span.makeCurrent());
  }

  /** A span that has begun. To be closed by its thread. */
  public static final class OpenSpan implements AutoCloseable {
    private final Span span;
    private final Scope scope;

    private OpenSpan(Span span, Scope scope) {
      this.span = span;
      this.scope = scope;
    }

    /**
     * Notes a failure.
     *
     * @param error a word of few values: an SQLSTATE, or what the caller is told
     */
    public void failed(String error) {
      span.setStatus(StatusCode.ERROR).setAttribute(ERROR, error);
    }

    /** Notes the failure of a statement, whose SQLSTATE may be unknown. */
    void failed(@Nullable String sqlState, Exception cause) {
      if (sqlState == null) {
        failed(cause.getClass().getName());
      } else {
        failed(sqlState);
        span.setAttribute(STATUS, sqlState);
      }
    }

    @Override
    public void close() {
      scope.close();
      span.end();
    }
  }
}
