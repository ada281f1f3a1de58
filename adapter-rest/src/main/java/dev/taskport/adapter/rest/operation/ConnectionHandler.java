package dev.taskport.adapter.rest.operation;

import dev.taskport.adapter.rest.RequestId;
import dev.taskport.adapter.rest.problem.Problems;
import io.micronaut.http.context.ServerRequestContext;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows the requests of a connection, and closes it in order when the service drains: the last
 * answer says so. Each connection has its own, which only its event loop uses. So has each stream
 * of HTTP/2, with its one request; the connection itself is closed by {@link GoAwayHandler}.
 */
final class ConnectionHandler extends ChannelDuplexHandler {
  /**
   * How long a kept connection must have been quiet before the service closes it. A client that is
   * busy sends its next request sooner, and is told with the answer.
   */
  private static final Duration QUIET = Duration.ofSeconds(1);

  private static final Set<HttpMethod> METHODS =
      Set.of(
          HttpMethod.GET,
          HttpMethod.HEAD,
          HttpMethod.POST,
          HttpMethod.PUT,
          HttpMethod.PATCH,
          HttpMethod.DELETE,
          HttpMethod.OPTIONS);

  private static final AsciiString REPLAYED = AsciiString.cached("Idempotency-Replayed");

  private final Draining draining;
  private final List<RequestObserver> observers;
  private final @Nullable RequestTraces traces;

  /** Requests without a complete answer, in order. */
  private final Queue<Exchange> unanswered = new ArrayDeque<>(2);

  private long lastUse = System.nanoTime();
  private boolean closing;

  ConnectionHandler(
      Draining draining, List<RequestObserver> observers, @Nullable RequestTraces traces) {
    this.draining = draining;
    this.observers = observers;
    this.traces = traces;
  }

  /** For the pipeline before the codec, where bytes arrive. */
  ChannelHandler arrivals() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext context, Object bytes) {
        lastUse = System.nanoTime();
        context.fireChannelRead(bytes);
      }
    };
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request) {
      Exchange exchange = new Exchange(request.method());
      if (traces != null) {
        exchange.traced = traces.begin(request, exchange.method, isEncrypted(context.channel()));
      }
      unanswered.add(exchange);
    } else if (message instanceof LastHttpContent) {
      // The request may have waited for its body only, and has left its context by then.
      io.micronaut.http.HttpRequest<?> accepted =
          context.channel().attr(OverloadFilter.ACCEPTED).get();
      if (accepted != null) {
        ServerRequestContext.with(accepted, (Runnable) () -> context.fireChannelRead(message));
        return;
      }
    }
    context.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    ChannelPromise written = promise;
    Exchange exchange = unanswered.peek();
    if (exchange != null && !isInterim(message)) {
      if (message instanceof HttpResponse response) {
        exchange.answer(response);
        if (draining.begun() && unanswered.size() == 1) {
          response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
          closing = true;
        }
      }
      if (message instanceof HttpContent content) {
        exchange.bytes += content.content().readableBytes();
      }
      if (message instanceof LastHttpContent) {
        unanswered.remove();
        context.channel().attr(OverloadFilter.ACCEPTED).set(null);
        written = promise.unvoid();
        written.addListener(
            future -> {
              lastUse = System.nanoTime();
              report(exchange, future.isSuccess());
            });
        if (closing) {
          written.addListener(ChannelFutureListener.CLOSE);
        }
      }
    }
    var unused = context.write(message, written);
  }

  private static boolean isEncrypted(Channel channel) {
    Channel parent = channel.parent();
    return channel.pipeline().get(SslHandler.class) != null
        || (parent != null && parent.pipeline().get(SslHandler.class) != null);
  }

  private static boolean isInterim(Object message) {
    return message instanceof HttpResponse response
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    unanswered.forEach(exchange -> report(exchange, false));
    unanswered.clear();
    context.fireChannelInactive();
  }

  private void report(Exchange exchange, boolean complete) {
    if (!observers.isEmpty() || exchange.traced != null) {
      ServedRequest request = exchange.end(complete);
      if (exchange.traced != null) {
        exchange.traced.end(request);
      }
      observers.forEach(observer -> observer.served(request));
    }
  }

  /** Closes the connection if no request is under way and it has been quiet for a second. */
  void closeIfQuiet(ChannelHandlerContext context) {
    if (unanswered.isEmpty() && System.nanoTime() - lastUse > QUIET.toNanos()) {
      var unused = context.close();
    }
  }

  private static final class Exchange {
    private final long start = System.nanoTime();
    private final String method;
    private @Nullable String route;
    private @Nullable String requestId;
    private @Nullable String refusal;
    private RequestTraces.@Nullable Traced traced;
    private boolean replayed;
    private int status;
    private long bytes;

    Exchange(HttpMethod method) {
      this.method = METHODS.contains(method) ? method.name() : "OTHER";
    }

    void answer(HttpResponse response) {
      HttpHeaders headers = response.headers();
      status = response.status().code();
      route = headers.get(RequestContext.ROUTE);
      headers.remove(RequestContext.ROUTE);
      requestId = headers.get(RequestId.HEADER);
      refusal = headers.get(Problems.REFUSAL);
      if (refusal != null) {
        headers.remove(Problems.REFUSAL);
      }
      replayed = headers.contains(REPLAYED);
    }

    ServedRequest end(boolean complete) {
      long nanos = System.nanoTime() - start;
      return new ServedRequest(
          method,
          route,
          complete ? status : 0,
          nanos,
          method.equals("HEAD") ? 0 : bytes, // the codec leaves it out
          requestId,
          traced == null ? null : traced.traceId(),
          refusal,
          replayed);
    }
  }
}
