package dev.taskport.adapter.rest.http;

import io.micronaut.http.MediaType;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the one request of an HTTP/2 stream what {@link SequentialCodec} gives those of HTTP/1:
 *
 * <ul>
 *   <li>It begins when its connection has a place for it ({@link StreamPlaces}). What arrives until
 *       then is kept, and counted as in flight; a stream for which there is no room is refused
 *       before anything is done, so that the client may send it again.
 *   <li>A head that is too long, or with a target of another form, is passed on as undecodable, and
 *       so gets the same answer as in HTTP/1.
 *   <li>It must be complete in time, even if bytes keep arriving.
 *   <li>The answer to a HEAD has no body.
 * </ul>
 *
 * <p>Used by the connection's event loop only.
 */
final class StreamIntake extends ChannelDuplexHandler {
  private static final Logger LOG = LoggerFactory.getLogger(StreamIntake.class);

  /** In bytes, about: what the stream's channel takes besides the head. */
  private static final int OVERHEAD = 4 * 1024;

  /** In bytes, of each header: what HTTP/1 puts around it. */
  private static final int AROUND = 4;

  /** How long a body waits unread before it looks again whether there is room for it. */
  private static final long ROOM_MILLIS = 50;

  /**
   * How long a request that the client has given up keeps its place. It may still be carried out,
   * and a client that begins and resets one after the other would have more under way than places.
   */
  private static final long GIVEN_UP_MILLIS = 500;

  private final RequestLimits limits;
  private final BytesInFlight inFlight;
  private final StreamPlaces places;

  private final Queue<Object> kept = new ArrayDeque<>(2);
  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> alarm;
  private final Runnable begin = this::begin;
  private Place place = Place.NONE;

  /** In bytes, of the head and what belongs to it. */
  private long head;

  /** In bytes: what is kept until the request begins. */
  private long keptBytes;

  /** In bytes: what has arrived of the body. */
  private long body;

  private boolean headOnly;
  private boolean receiving;
  private boolean dropping;
  private boolean complete;
  private boolean answered;

  private enum Place {
    NONE,
    AWAITED,
    TAKEN,
    GIVEN_BACK
  }

  /**
   * @param target in bytes, the longest
   * @param headers in bytes, of all together
   * @param body in bytes; of a longer one, the framework needs no more to refuse it
   * @param deadlineMillis how long a request may take to arrive
   */
  record RequestLimits(int target, int headers, long body, long deadlineMillis) {}

  StreamIntake(RequestLimits limits, BytesInFlight inFlight, StreamPlaces places) {
    this.limits = limits;
    this.inFlight = inFlight;
    this.places = places;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext newContext) {
    context = newContext;
  }

  @Override
  public void channelRead(ChannelHandlerContext reading, Object message) {
    complete |= message instanceof LastHttpContent;
    if (!(message instanceof HttpObject) || dropping) {
      ReferenceCountUtil.release(message); // a frame that HTTP doesn't define, for example
    } else if (message instanceof HttpRequest == (place != Place.NONE)) {
      // The codec takes headers without a method for trailers, and trailers with one for a request.
      ReferenceCountUtil.release(message);
      breakOff(reading);
    } else if (message instanceof HttpRequest request) {
      receive(request, reading);
    } else if (body <= limits.body()) {
      note(message);
      pass(message, reading);
    } else {
      ReferenceCountUtil.release(message);
      if (complete) {
        pass(LastHttpContent.EMPTY_LAST_CONTENT, reading);
      }
    }
    if (complete) {
      cancelAlarm();
    }
  }

  private void receive(HttpRequest request, ChannelHandlerContext reading) {
    long length = lengthOf(request);
    if (!inFlight.addHead(OVERHEAD + length)) {
      refuse(request, reading);
      return;
    }
    head = OVERHEAD + length;
    headOnly = request.method().equals(HttpMethod.HEAD);
    Exception fault = faultOf(request, length);
    Object first = request;
    if (fault != null) {
      dropping = true;
      first = undecodable(request, fault);
      ReferenceCountUtil.release(request);
    }
    if (!complete) {
      startAlarm(reading);
    }
    kept.add(first);
    place = Place.AWAITED;
    receiving = true;
    places.take(begin);
    receiving = false;
    if (place == Place.AWAITED) {
      keep(head, reading);
    }
  }

  private static HttpRequest undecodable(HttpRequest request, Exception fault) {
    HttpRequest undecodable =
        new DefaultHttpRequest(request.protocolVersion(), request.method(), "/bad-request");
    String accept = HttpHeaderNames.ACCEPT.toString();
    undecodable.headers().add(accept, request.headers().getAll(accept));
    undecodable.setDecoderResult(DecoderResult.failure(fault));
    return undecodable;
  }

  /** Nothing has been done, so the client may send it again (RFC 9113, 8.7). */
  private void refuse(Object message, ChannelHandlerContext reading) {
    dropping = true;
    ReferenceCountUtil.release(message);
    end();
    reset(reading, Http2Error.REFUSED_STREAM);
    var unused = reading.close();
  }

  private void begin() {
    place = Place.TAKEN;
    places.forget(keptBytes);
    keptBytes = 0;
    if (!context().channel().isActive()) { // it has ended while it waited
      giveBackPlace();
      return;
    }
    if (receiving) {
      passKept();
    } else {
      context()
          .executor()
          .execute(
              () -> {
                passKept();
                context().fireChannelReadComplete();
              });
    }
  }

  private void passKept() {
    for (Object next = kept.poll(); next != null; next = kept.poll()) {
      context().fireChannelRead(next);
    }
  }

  private void pass(Object message, ChannelHandlerContext reading) {
    if (place == Place.AWAITED || !kept.isEmpty()) {
      kept.add(message);
      keep(message instanceof HttpContent content ? content.content().readableBytes() : 0, reading);
    } else {
      reading.fireChannelRead(message);
    }
  }

  /** Keeps bytes until the request begins. */
  private void keep(long bytes, ChannelHandlerContext reading) {
    if (place == Place.AWAITED) {
      if (places.keep(bytes)) {
        keptBytes += bytes;
      } else {
        refuse(Unpooled.EMPTY_BUFFER, reading);
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext reading) {
    if (place == Place.AWAITED || dropping) {
      reading.read();
    }
    if (place != Place.AWAITED) {
      reading.fireChannelReadComplete();
    }
  }

  /** As HTTP/1 writes it: the target, the names and the values. */
  private static long lengthOf(HttpRequest request) {
    long length = request.uri().length();
    for (Map.Entry<String, String> header : request.headers()) {
      length += header.getKey().length() + header.getValue().length() + AROUND;
    }
    return length;
  }

  private @Nullable Exception faultOf(HttpRequest request, long length) {
    String target = request.uri();
    if (target.length() > limits.target()) {
      return new TooLongHttpLineException("The target is too long");
    }
    if (length - target.length() > limits.headers()) {
      return new TooLongHttpHeaderException("The headers are too long");
    }
    boolean whole = target.equals("*") && request.method().equals(HttpMethod.OPTIONS);
    return target.startsWith("/") || whole // RFC 9113, 8.3.1
        ? null
        : new IllegalArgumentException("The target is not a path");
  }

  private void note(Object message) {
    if (message instanceof HttpContent content && !answered) {
      int size = content.content().readableBytes();
      inFlight.add(size);
      body += size;
    }
  }

  /** While memory is short, a body waits in the client. */
  @Override
  public void read(ChannelHandlerContext reading) {
    if (body > 0 && !complete && !inFlight.hasRoom()) {
      var unused =
          reading.executor().schedule(() -> readLater(reading), ROOM_MILLIS, TimeUnit.MILLISECONDS);
      return;
    }
    reading.read();
  }

  private void readLater(ChannelHandlerContext reading) {
    if (!reading.isRemoved()) {
      read(reading);
    }
  }

  @Override
  public void write(ChannelHandlerContext writing, Object message, ChannelPromise promise) {
    boolean interim =
        message instanceof HttpResponse response
            && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    if (interim) {
      var unused = writing.write(message, promise);
      return;
    }
    ChannelPromise written = promise;
    if (message instanceof LastHttpContent) {
      written = promise.unvoid().addListener(done -> answered());
    }
    if (message instanceof HttpResponse response && isStream(response)) {
      giveBackPlace(); // it lasts, and its events are read for all streams together
    }
    if (!headOnly) {
      var unused = writing.write(message, written);
    } else if (message instanceof HttpResponse response) {
      ReferenceCountUtil.release(message);
      var unused = writing.write(withoutBody(response), written);
    } else {
      ReferenceCountUtil.release(message);
      written.trySuccess();
    }
  }

  private static boolean isStream(HttpResponse response) {
    return response
        .headers()
        .get(HttpHeaderNames.CONTENT_TYPE, "")
        .startsWith(MediaType.TEXT_EVENT_STREAM);
  }

  private static HttpResponse withoutBody(HttpResponse response) {
    return new DefaultFullHttpResponse(
        response.protocolVersion(),
        response.status(),
        Unpooled.EMPTY_BUFFER,
        response.headers(),
        EmptyHttpHeaders.INSTANCE);
  }

  /**
   * What is still to come of the request is read and dropped, until its deadline: some clients want
   * to send it before they look at the answer.
   */
  private void answered() {
    answered = true;
    forgetBody();
    giveBackPlace();
    if (!complete) {
      dropping = true;
      context().read();
    }
  }

  /** After a whole answer, the rest of the request is not an error (RFC 9113, 8.1). */
  @Override
  public void close(ChannelHandlerContext closing, ChannelPromise promise) {
    if (answered && !complete) {
      reset(closing, Http2Error.NO_ERROR);
    }
    var unused = closing.close(promise);
  }

  private static void reset(ChannelHandlerContext resetting, Http2Error error) {
    var unused = resetting.writeAndFlush(new DefaultHttp2ResetFrame(error));
  }

  /** A request that the codec can't convert: one without a path, for example. */
  @Override
  public void exceptionCaught(ChannelHandlerContext failing, Throwable cause) {
    LOG.debug("A stream broke off: {}", cause.getMessage());
    breakOff(failing);
  }

  private void breakOff(ChannelHandlerContext malformed) {
    dropping = true;
    reset(malformed, Http2Error.PROTOCOL_ERROR);
    var unused = malformed.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ended) {
    end();
    ended.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ended) {
    end();
  }

  private void end() {
    cancelAlarm();
    forgetBody();
    inFlight.removeHead(head);
    head = 0;
    places.forget(keptBytes);
    keptBytes = 0;
    kept.forEach(ReferenceCountUtil::release);
    kept.clear();
    if (place == Place.AWAITED) {
      places.forget(begin);
      place = Place.GIVEN_BACK;
    } else if (place == Place.TAKEN) {
      place = Place.GIVEN_BACK;
      var unused =
          context().executor().schedule(places::giveBack, GIVEN_UP_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void giveBackPlace() {
    if (place == Place.TAKEN) {
      place = Place.GIVEN_BACK;
      places.giveBack();
    }
  }

  private void forgetBody() {
    inFlight.remove(body);
    body = 0;
  }

  private void startAlarm(ChannelHandlerContext reading) {
    Runnable close =
        () -> {
          var unused = reading.close();
        };
    alarm = reading.executor().schedule(close, limits.deadlineMillis(), TimeUnit.MILLISECONDS);
  }

  private void cancelAlarm() {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }

  private ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("Not in a pipeline");
    }
    return context;
  }
}
