package dev.taskport.adapter.rest.http;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection on which a request has begun, but doesn't end in time, however steadily its
 * bytes drip. One for each connection, used by its event loop alone.
 */
final class RequestDeadline {
  private final Duration limit;
  private @Nullable Future<?> alarm;

  RequestDeadline(Duration limit) {
    this.limit = limit;
  }

  /** Goes ahead of the codec, where bytes arrive. */
  ChannelHandler start() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext context, Object bytes) {
        if (alarm == null) {
          Runnable close =
              () -> {
                var unused = context.close();
              };
          alarm = context.executor().schedule(close, limit.toMillis(), TimeUnit.MILLISECONDS);
        }
        context.fireChannelRead(bytes);
      }

      @Override
      public void channelInactive(ChannelHandlerContext context) {
        cancel();
        context.fireChannelInactive();
      }
    };
  }

  /** Goes behind the codec, where requests come out. */
  ChannelHandler end() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof LastHttpContent) {
          cancel();
        }
        context.fireChannelRead(message);
      }
    };
  }

  private void cancel() {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }
}
