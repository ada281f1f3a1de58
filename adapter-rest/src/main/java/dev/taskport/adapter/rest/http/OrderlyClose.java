package dev.taskport.adapter.rest.http;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;

/**
 * Ends the answer before it closes a connection. Otherwise, if the client has sent what nobody has
 * read, such as the rest of headers that are too long, the system resets the connection, and the
 * client may lose the answer that says why (RFC 9112, 9.6).
 */
@Sharable
final class OrderlyClose extends ChannelOutboundHandlerAdapter {
  static final OrderlyClose INSTANCE = new OrderlyClose();

  private OrderlyClose() {}

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) throws Exception {
    if (context.channel() instanceof DuplexChannel connection && connection.isActive()) {
      connection
          .shutdownOutput()
          .addListener(
              ended -> {
                var unused = context.close(promise);
              });
    } else {
      super.close(context, promise);
    }
  }
}
