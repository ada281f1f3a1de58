package dev.taskport.adapter.rest.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the requests of a connection one at a time: the next one when the answer to the one
 * before is written. Until then the bytes that follow stay undecoded, and once there are some, no
 * more are read. Netty's own {@code HttpServerCodec} decodes all that has arrived, and Micronaut
 * would answer it into the heap of a client that doesn't read.
 *
 * <p>Closes a connection whose request is not complete in time, even if bytes keep arriving. Used
 * by the connection's event loop only.
 */
final class SequentialCodec
    extends CombinedChannelDuplexHandler<HttpRequestDecoder, HttpResponseEncoder> {
  /** How long a body waits unread before it looks again whether there is room for it. */
  private static final long ROOM_MILLIS = 50;

  private final Duration deadline;
  private final BytesInFlight inFlight;
  private final Decoder decoder;

  private @Nullable ChannelHandlerContext context;
  private @Nullable HttpMethod method;

  /** Complete requests without a complete answer: 1 at most; -1 for an answer that comes early. */
  private int unanswered;

  /** In bytes: what has arrived of the body of a request that isn't answered yet. */
  private long body;

  private @Nullable Future<?> alarm;

  SequentialCodec(HttpDecoderConfig limits, Duration deadline, BytesInFlight inFlight) {
    this.deadline = deadline;
    this.inFlight = inFlight;
    decoder = new Decoder(limits);
    init(decoder, new Encoder());
  }

  /** The answer is written, to its last byte. */
  void answered() {
    unanswered--;
    forgetBody();
    if (context != null && decoder.holdsBytes()) {
      context.executor().execute(this::readOn);
    }
  }

  private void readOn() {
    if (context != null && !context.isRemoved()) {
      try {
        channelRead(context, Unpooled.EMPTY_BUFFER);
        channelReadComplete(context);
      } catch (Exception e) {
        context.fireExceptionCaught(e);
      }
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext newContext) throws Exception {
    context = newContext;
    super.handlerAdded(newContext);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext oldContext) throws Exception {
    cancelAlarm();
    forgetBody();
    super.handlerRemoved(oldContext);
  }

  /** Without bytes that wait, it reads on, which is how it learns that a client is gone. */
  @Override
  public void read(ChannelHandlerContext reading) throws Exception {
    if (unanswered > 0 && decoder.holdsBytes()) {
      return; // readOn() makes the framework ask again
    }
    if (body > 0 && !inFlight.hasRoom()) {
      var unused =
          reading.executor().schedule(() -> readLater(reading), ROOM_MILLIS, TimeUnit.MILLISECONDS);
      return;
    }
    super.read(reading);
  }

  private void readLater(ChannelHandlerContext reading) {
    try {
      if (!reading.isRemoved()) {
        read(reading);
      }
    } catch (Exception e) {
      reading.fireExceptionCaught(e);
    }
  }

  private void startAlarm(ChannelHandlerContext decoding) {
    if (alarm == null) {
      Runnable close =
          () -> {
            var unused = decoding.close();
          };
      alarm = decoding.executor().schedule(close, deadline.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void cancelAlarm() {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }

  private void forgetBody() {
    inFlight.remove(body);
    body = 0;
  }

  private void note(Object decoded) {
    if (decoded instanceof HttpRequest request) {
      method = request.method();
    }
    if (decoded instanceof HttpContent content && unanswered == 0) {
      int size = content.content().readableBytes();
      inFlight.add(size);
      body += size;
    }
    if (decoded instanceof LastHttpContent) {
      cancelAlarm();
      unanswered++;
      if (unanswered == 0) {
        forgetBody();
      }
    }
  }

  private final class Decoder extends HttpRequestDecoder {
    Decoder(HttpDecoderConfig limits) {
      super(limits);
    }

    boolean holdsBytes() {
      return actualReadableBytes() > 0;
    }

    @Override
    protected void decode(ChannelHandlerContext decoding, ByteBuf bytes, List<Object> out)
        throws Exception {
      if (unanswered > 0) {
        return;
      }
      boolean begun = bytes.isReadable();
      int before = out.size();
      super.decode(decoding, bytes, out);
      for (int i = before; i < out.size(); i++) {
        note(out.get(i));
      }
      boolean complete = out.size() > before && out.get(out.size() - 1) instanceof LastHttpContent;
      if (begun && !complete) {
        startAlarm(decoding);
      }
    }
  }

  private final class Encoder extends HttpResponseEncoder {
    /** In bytes: more than the headers of most answers. */
    private static final int HEAD = 768;

    /** Makes room for the body: what fits is copied behind the head, and both leave at once. */
    @Override
    protected void encodeInitialLine(ByteBuf head, HttpResponse response) throws Exception {
      if (response instanceof FullHttpResponse whole && whole.content().isReadable()) {
        head.ensureWritable(HEAD + whole.content().readableBytes());
      }
      super.encodeInitialLine(head, response);
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse response) {
      return HttpMethod.HEAD.equals(method) || super.isContentAlwaysEmpty(response);
    }
  }
}
