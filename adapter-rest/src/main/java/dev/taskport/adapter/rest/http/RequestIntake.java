package dev.taskport.adapter.rest.http;

import dev.taskport.adapter.rest.http.ConnectionLimits.SharedByStreams;
import dev.taskport.adapter.rest.problem.MalformedBodyException;
import dev.taskport.adapter.rest.proxy.Forwarding;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.ReferenceCountUtil;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles each request before Micronaut does, and each answer after it, in the connection's Netty
 * pipeline:
 *
 * <ul>
 *   <li>What proxies say of the client, and the base path, are dealt with ({@link Forwarding}).
 *   <li>The target and the headers that Micronaut reads differently from the standards are
 *       rewritten so that it reads them correctly.
 *   <li>A HEAD is passed on as a GET. The codec has seen the HEAD and leaves out the body.
 *       Micronaut itself would drop the body before its length is known (<a
 *       href="https://github.com/micronaut-projects/micronaut-core/issues/3685">micronaut-core
 *       3685</a>).
 *   <li>A body whose length a proxy could read differently (request smuggling) is refused, and the
 *       connection closed. So is a body with malformed chunks, which Micronaut would take for
 *       complete.
 *   <li>An HTTP/1.0 client gets no chunks: an answer without a length ends with the connection.
 *   <li>A request must arrive within {@code taskport.http.request-deadline}, the next one is read
 *       when it is answered ({@link SequentialCodec}), and the client must take the answer ({@link
 *       AnswerFlow}). In HTTP/2, each stream has its own pipeline ({@link StreamIntake}), and the
 *       connection is guarded ({@link FrameGuard}).
 * </ul>
 */
@Singleton
public final class RequestIntake
    implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
  /** The values that most clients send; the router knows them. */
  private static final Set<String> PLAIN = Set.of("*/*", "application/json");

  private static final Logger LOG = LoggerFactory.getLogger(RequestIntake.class);

  private final ConnectionLimits limits;
  private final Forwarding forwarding;

  RequestIntake(ConnectionLimits limits, Forwarding forwarding) {
    this.limits = limits;
    this.forwarding = forwarding;
  }

  /** Whether the client sent a HEAD, so that the answer has no body. */
  public static boolean isHead(io.micronaut.http.HttpRequest<?> request) {
    return request instanceof NettyHttpRequest<?> netty
        && netty.getNativeRequest() instanceof HeadAsGet;
  }

  @Override
  public NettyServerCustomizer.Registry onCreated(
      BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
    NettyServerCustomizer.Registry registry = event.getBean();
    registry.register(new Customizer(limits, forwarding, null, null));
    return registry;
  }

  /**
   * The router supports neither ranges such as {@code application/*} nor parameters (<a
   * href="https://github.com/micronaut-projects/micronaut-core/issues/6637">micronaut-core
   * 6637</a>), and its refusal repeats the header.
   */
  private static void simplifyAccept(HttpHeaders headers) {
    String first = headers.get(HttpHeaderNames.ACCEPT);
    if (first != null && !PLAIN.contains(first)) {
      headers.set(HttpHeaderNames.ACCEPT, AcceptedTypes.of(headers.getAll(HttpHeaderNames.ACCEPT)));
    }
  }

  /** Whether a proxy in front may have read the body's length differently (RFC 9112, 6.1, 6.3). */
  private static boolean hasAmbiguousLength(HttpRequest request) {
    HttpHeaders headers = request.headers();
    List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (encodings.isEmpty()) {
      return false;
    }
    return encodings.size() > 1
        || !encodings.get(0).equalsIgnoreCase("chunked")
        || headers.contains(HttpHeaderNames.CONTENT_LENGTH)
        || !request.protocolVersion().equals(HttpVersion.HTTP_1_1);
  }

  /**
   * For a listener, a connection, or an HTTP/2 stream.
   *
   * @param channel null for the listener
   * @param shared what the streams of the connection share; null for the listener
   */
  private record Customizer(
      ConnectionLimits limits,
      Forwarding forwarding,
      @Nullable Channel channel,
      @Nullable SharedByStreams shared)
      implements NettyServerCustomizer {
    @Override
    public NettyServerCustomizer specializeForChannel(Channel newChannel, ChannelRole role) {
      if (role == ChannelRole.CONNECTION) {
        limits.accept(newChannel);
        return new Customizer(limits, forwarding, newChannel, limits.shared());
      }
      return new Customizer(limits, forwarding, newChannel, shared);
    }

    @Override
    public void onInitialPipelineBuilt() {
      String codec = ChannelPipelineCustomizer.HANDLER_HTTP2_CONNECTION;
      if (channel != null
          && shared != null
          && channel.pipeline().get(codec) instanceof Http2ConnectionHandler http2) {
        limits.installGuard(channel.pipeline(), http2, shared);
      }
    }

    @Override
    public void onStreamPipelineBuilt() {
      if (channel == null) {
        return;
      }
      ChannelPipeline pipeline = channel.pipeline();
      String framework = ChannelPipelineCustomizer.HANDLER_MICRONAUT_INBOUND;
      if (pipeline.get(ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC) != null) {
        limits.install(pipeline);
      } else if (channel instanceof Http2StreamChannel && shared != null) {
        limits.installStream(pipeline, shared);
      }
      pipeline.addBefore(framework, "common-headers", new CommonHeaders());
      pipeline.addBefore(framework, "request-intake", new Handler(forwarding));
    }
  }

  /**
   * A HEAD, passed on as a GET. It is marked by its class, because a client could forge a header.
   */
  private static final class HeadAsGet extends DefaultHttpRequest {
    HeadAsGet(HttpRequest head) {
      super(head.protocolVersion(), HttpMethod.GET, head.uri(), head.headers());
      setDecoderResult(head.decoderResult());
    }
  }

  private static final class Handler extends ChannelDuplexHandler {
    private final Forwarding forwarding;
    private boolean refusing;

    /** Requests that the framework has received and not yet answered completely. */
    private int unanswered;

    /** Whether only the end of the connection marks the end of the answer. */
    private boolean endingWithConnection;

    Handler(Forwarding forwarding) {
      this.forwarding = forwarding;
    }

    private static boolean isHead(Object message) {
      return message instanceof HttpRequest request
          && !(message instanceof HttpContent)
          && request.method().equals(HttpMethod.HEAD);
    }

    /**
     * Names of methods are case-sensitive (RFC 9110, 9.1), but Micronaut takes {@code get} for GET.
     */
    private static void keepCase(HttpRequest request) {
      String name = request.method().name();
      if (!name.equals(name.toUpperCase(Locale.ROOT))) {
        request.setMethod(HttpMethod.valueOf("UNKNOWN-" + name));
      }
    }

    private static HttpRequest adapt(HttpRequest original) {
      keepCase(original);
      HttpRequest request =
          original.method().equals(HttpMethod.HEAD) ? new HeadAsGet(original) : original;
      request.setUri(RequestTarget.repair(request.uri()));
      simplifyAccept(request.headers());
      if (request.method().equals(HttpMethod.GET)
          || request.method().equals(HttpMethod.DELETE)
          || !hasBody(request.headers())) {
        // Some clients always send a content type. The router would refuse it for routes without a
        // body.
        request.headers().remove(HttpHeaderNames.CONTENT_TYPE);
      }
      return request;
    }

    private static boolean hasBody(HttpHeaders headers) {
      return headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
          || !headers.get(HttpHeaderNames.CONTENT_LENGTH, "0").equals("0");
    }

    private static boolean isForeign(HttpVersion version) {
      return !version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object received) {
      Object message = received;
      if (refusing) {
        ReferenceCountUtil.release(message);
        return;
      }
      if (message instanceof HttpContent content
          && !(message instanceof HttpRequest)
          && content.decoderResult().isFailure()) {
        content.release();
        breakOff(context);
        return;
      }
      boolean foreign =
          message instanceof HttpRequest request && isForeign(request.protocolVersion());
      if (message instanceof HttpRequest request) {
        unanswered++;
        if (foreign) {
          request.setProtocolVersion(HttpVersion.HTTP_1_1); // which the answer takes over
        }
      }
      if (message instanceof HttpRequest request && request.decoderResult().isSuccess()) {
        if (foreign || hasAmbiguousLength(request)) {
          refusing = true;
          request.setDecoderResult(
              DecoderResult.failure(new IllegalArgumentException("Not to be understood safely")));
        }
        forwarding.apply(request, context.channel().remoteAddress());
        message = adapt(request);
      } else if (isHead(message)) {
        message =
            new HeadAsGet((HttpRequest) message); // or Micronaut would answer it without an id
      }
      context.fireChannelRead(message);
    }

    /** HTTP/1.0 has no chunks (RFC 9112, 6.1), but Micronaut sends them anyway. */
    private static boolean isChunkedForOldClient(HttpResponse response) {
      return response.protocolVersion().equals(HttpVersion.HTTP_1_0)
          && HttpUtil.isTransferEncodingChunked(response);
    }

    /** Closes quietly when a client breaks off: Micronaut would log an error. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (cause instanceof IOException) {
        LOG.debug("A connection broke off: {}", cause.getMessage());
        var unused = context.close();
      } else {
        context.fireExceptionCaught(cause);
      }
    }

    /** Ends a request with malformed chunks: Micronaut would take them for the body's end. */
    private void breakOff(ChannelHandlerContext context) {
      refusing = true;
      if (unanswered > 0) {
        context.fireExceptionCaught(
            new MalformedBodyException("The body's chunked encoding is broken"));
      } else {
        var unused = context.close();
      }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      boolean interim =
          message instanceof HttpResponse response
              && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
      if (refusing && unanswered == 1 && message instanceof HttpResponse response) {
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      }
      if (message instanceof HttpResponse response && isChunkedForOldClient(response)) {
        response.headers().remove(HttpHeaderNames.TRANSFER_ENCODING);
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        endingWithConnection = true;
      }
      ChannelPromise written = promise;
      if (message instanceof LastHttpContent && !interim) {
        unanswered--;
        if (endingWithConnection || (refusing && unanswered == 0)) {
          written = promise.unvoid().addListener(ChannelFutureListener.CLOSE);
        }
      }
      var unused = context.write(message, written);
    }
  }
}
