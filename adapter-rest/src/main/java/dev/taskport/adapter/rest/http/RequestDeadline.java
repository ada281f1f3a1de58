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
 * Closes a connection whose request is not complete in time, even if bytes keep arriving. Each
 * connection has its own, which only its event loop uses.
 */
final class RequestDeadline {
  private final Duration limit;
  private @Nullable Future<?> alarm;

  RequestDeadline(Duration limit) {
    this.limit = limit;
  }

  /** For the pipeline before the codec, where bytes arrive. */
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

  /** For the pipeline after the codec, where requests arrive. */
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
