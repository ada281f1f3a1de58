package dev.taskport.adapter.rest.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the frames of an HTTP/2 connection before they are decoded, and closes the connection
 * when:
 *
 * <ul>
 *   <li>A frame, or the rest of a list of headers, is not complete in time, even if bytes keep
 *       arriving.
 *   <li>There are too many frames that carry no request: settings, pings, priorities, unknown ones,
 *       tiny pieces of a body.
 *   <li>The client makes the service answer and reads nothing of it.
 *   <li>Nothing happens for the idle time.
 * </ul>
 *
 * Netty's codec itself bounds resets, by the client and provoked from the service, empty frames,
 * and the number and size of continuations. Used by the connection's event loop only.
 */
final class FrameGuard extends ChannelDuplexHandler {
  private static final Logger LOG = LoggerFactory.getLogger(FrameGuard.class);

  private static final int HEAD = Http2CodecUtil.FRAME_HEADER_LENGTH;
  private static final int END_HEADERS = 0x4;
  private static final int END_STREAM = 0x1;

  /** In bytes: a piece of a body that costs more than it brings. */
  private static final int TINY = 64;

  /** Within {@link #WINDOW}, of frames that carry no request. */
  private static final long MOST_FRAMES = 1000;

  private static final long WINDOW = TimeUnit.SECONDS.toNanos(10);

  /** How many others a frame with settings counts for. */
  private static final int SETTINGS = 10;

  /** In bytes: a frame this long counts as one more. */
  private static final int LONG = 256;

  /** In bytes of answers: what a client may acknowledge with one more frame. */
  private static final int ACKNOWLEDGED = 256;

  /** In bytes, besides the bodies of answers: what may wait for a client that reads nothing. */
  private static final long MOST_UNREAD = 256 * 1024;

  private final Duration deadline;
  private final LeastRate rate;

  private final byte[] head = new byte[HEAD];
  private int headLength;

  /** In bytes, of the preface or the frame's payload: what is still to come. */
  private int remaining = Http2CodecUtil.connectionPrefaceBuf().readableBytes();

  private boolean inHeaders;
  private boolean closing;

  private long windowStart = System.nanoTime();
  private long frames;
  private long written;
  private @Nullable Future<?> alarm;

  /**
   * @param deadline how long a frame may take to arrive
   * @param rate says whether answers wait for the client
   */
  FrameGuard(Duration deadline, LeastRate rate) {
    this.deadline = deadline;
    this.rate = rate;
  }

  /** For the end of the pipeline: what the codec passes on of the connection itself. */
  ChannelHandler rest(Http2ConnectionHandler codec) {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext context, Object frame) throws Http2Exception {
        if (frame instanceof Http2SettingsFrame) {
          limitTable(codec.encoder().configuration().headersConfiguration());
        }
        ReferenceCountUtil.release(frame);
      }

      @Override
      public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("A connection broke off: {}", cause.getMessage());
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
          var unused = context.close(); // others the codec answers itself
        }
      }
    };
  }

  /** The client may allow any size, and the codec would keep that much of the answers' headers. */
  private static void limitTable(Http2HeadersEncoder.Configuration answers) throws Http2Exception {
    if (answers.maxHeaderTableSize() > Http2CodecUtil.DEFAULT_HEADER_TABLE_SIZE) {
      answers.maxHeaderTableSize(Http2CodecUtil.DEFAULT_HEADER_TABLE_SIZE);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (closing) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof ByteBuf bytes) {
      boolean ended = follow(bytes);
      boolean between = remaining == 0 && headLength == 0 && !inHeaders;
      if (between || ended) {
        cancelAlarm();
      }
      if (!between && alarm == null) {
        alarm =
            context
                .executor()
                .schedule(
                    () -> close(context, "a frame takes too long to arrive"),
                    deadline.toMillis(),
                    TimeUnit.MILLISECONDS);
      }
      if (frames > MOST_FRAMES + written / ACKNOWLEDGED) {
        bytes.release();
        close(context, "too many frames carry no request");
        return;
      }
    }
    context.fireChannelRead(message);
  }

  /** Whether a frame and, if it has headers, all of them have ended. */
  private boolean follow(ByteBuf bytes) {
    boolean ended = false;
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      if (remaining > 0) {
        int part = Math.min(remaining, end - at);
        remaining -= part;
        at += part;
      } else {
        head[headLength++] = bytes.getByte(at++);
        if (headLength == HEAD) {
          headLength = 0;
          begin();
        }
      }
      ended |= remaining == 0 && headLength == 0 && !inHeaders;
    }
    return ended;
  }

  private void begin() {
    remaining = (head[0] & 0xFF) << 16 | (head[1] & 0xFF) << 8 | (head[2] & 0xFF);
    byte flags = head[4];
    switch (head[3]) {
      case Http2FrameTypes.HEADERS, Http2FrameTypes.CONTINUATION ->
          inHeaders = (flags & END_HEADERS) == 0;
      case Http2FrameTypes.DATA -> {
        if (remaining < TINY && (flags & END_STREAM) == 0) {
          count(1);
        }
      }
      case Http2FrameTypes.SETTINGS -> count(SETTINGS);
      default -> count(1 + remaining / LONG);
    }
  }

  private void count(int more) {
    long now = System.nanoTime();
    if (now - windowStart > WINDOW) {
      windowStart = now;
      frames = 0;
      written = 0;
    }
    frames += more;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      written += bytes.readableBytes();
    }
    var unused = context.write(message, promise);
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    context.flush();
    if (context.channel().bytesBeforeWritable() > MOST_UNREAD) {
      close(context, "the client reads nothing");
    }
  }

  /** While answers wait, their flow decides. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (!(event instanceof IdleStateEvent)) {
      context.fireUserEventTriggered(event);
    } else if (!rate.isOwed()) {
      close(context, Http2Error.NO_ERROR, "it is idle");
    }
  }

  private void close(ChannelHandlerContext context, String reason) {
    close(context, Http2Error.ENHANCE_YOUR_CALM, reason);
  }

  private void close(ChannelHandlerContext context, Http2Error error, String reason) {
    if (closing) {
      return;
    }
    closing = true;
    LOG.debug("A connection is closed: {}", reason);
    cancelAlarm();
    var unused = context.channel().writeAndFlush(new DefaultHttp2GoAwayFrame(error));
    var unusedToo = context.close(); // not the codec's, which would wait for the streams
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    cancelAlarm();
    context.fireChannelInactive();
  }

  private void cancelAlarm() {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }
}
