package dev.taskport.adapter.rest.operation;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import java.time.Duration;

/**
 * Closes an HTTP/2 connection in order when the service drains (RFC 9113, 6.8): it first asks the
 * client to send no more requests, which those on their way don't suffer from, a second later
 * refuses new ones, and closes when the last answer is written. Used by the connection's event loop
 * only.
 */
final class GoAwayHandler extends ChannelInboundHandlerAdapter {
  /** How long requests may be on their way when the client is asked to send no more. */
  private static final Duration ON_THE_WAY = Duration.ofSeconds(1);

  private final Draining draining;
  private final Http2ConnectionHandler codec;

  private boolean asked;
  private boolean refusing;
  private long askedAt;

  GoAwayHandler(Draining draining, Http2ConnectionHandler codec) {
    this.draining = draining;
    this.codec = codec;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (draining.begun()) {
      ask(context);
    }
    context.fireChannelReadComplete();
  }

  /** Takes the next step to close the connection. */
  void close(ChannelHandlerContext context) {
    ask(context);
    if (System.nanoTime() - askedAt < ON_THE_WAY.toNanos()) {
      return;
    }
    if (!refusing) {
      refusing = true;
      goAway(context, 0);
    }
    if (codec.connection().numActiveStreams() == 0) {
      var unused = context.close();
    }
  }

  private void ask(ChannelHandlerContext context) {
    if (!asked) {
      asked = true;
      askedAt = System.nanoTime();
      goAway(context, Integer.MAX_VALUE);
    }
  }

  private static void goAway(ChannelHandlerContext context, int moreStreams) {
    var unused =
        context.writeAndFlush(
            new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(moreStreams));
  }
}
