package dev.taskport.adapter.postgres.pipeline;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A socket whose bytes an event loop sends and receives. With it the driver connects and logs in,
 * as it does elsewhere; then the loop goes on by itself. It has the methods that the driver uses.
 * Not for the loop's own thread, which would wait for itself.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // its fields are volatile
final class ChannelSocket extends Socket {
  private static final byte[] END = {};

  private final EventLoop loop;
  private final Supplier<? extends Channel> channels;
  private final LinkedBlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
  private final Input input = new Input();
  private volatile @Nullable Channel channel;
  private volatile int timeoutMs;
  private volatile boolean encrypted;
  private volatile boolean closed;

  /**
   * @param channels makes a channel that the loop can serve
   */
  ChannelSocket(EventLoop loop, Supplier<? extends Channel> channels) {
    this.loop = loop;
    this.channels = channels;
  }

  /** Whether client and server agreed to encrypt what they say; the loop can't go on then. */
  boolean isEncrypted() {
    return encrypted;
  }

  /** Gives the connection to a handler, whose loop alone uses it from now on. */
  void handTo(Pipeline pipeline) throws IOException {
    Channel open = open();
    await(
        loop.submit(
            () -> {
              if (!received.isEmpty() || input.available() > 0 || !open.isActive()) {
                throw new IOException("The server said something that nobody asked for");
              }
              return open.pipeline().replace(Receiver.class, "pipeline", pipeline);
            }));
  }

  private Channel open() throws SocketException {
    Channel open = channel;
    if (open == null || closed) {
      throw new SocketException("The socket is closed");
    }
    return open;
  }

  @Override
  public void connect(SocketAddress address, int connectTimeoutMs) throws IOException {
    ChannelFuture connected =
        new Bootstrap()
            .group(loop)
            .channelFactory(channels::get)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectTimeoutMs)
            .handler(new Receiver())
            .connect(address);
    channel = connected.channel();
    await(connected);
  }

  private static void await(Future<?> future) throws IOException {
    try {
      future.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
    if (!future.isSuccess()) {
      throw new IOException(String.valueOf(future.cause().getMessage()), future.cause());
    }
  }

  @Override
  public InputStream getInputStream() {
    return input;
  }

  @Override
  public OutputStream getOutputStream() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        ChannelSocket.await(open().writeAndFlush(Unpooled.copiedBuffer(bytes, from, length)));
      }
    };
  }

  @Override
  public boolean isConnected() {
    return channel != null;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    Channel open = channel;
    if (open != null) {
      var unused = open.close();
    }
    received.add(END);
  }

  @Override
  public int getSoTimeout() {
    return timeoutMs;
  }

  @Override
  public void setSoTimeout(int ms) {
    timeoutMs = ms;
  }

  @Override
  public boolean getTcpNoDelay() {
    return true;
  }

  @Override
  public void setTcpNoDelay(boolean on) {}

  @Override
  public boolean getKeepAlive() {
    return true;
  }

  @Override
  public void setKeepAlive(boolean on) {}

  @Override
  public int getSendBufferSize() {
    return 64 * 1024;
  }

  @Override
  public void setSendBufferSize(int size) {}

  @Override
  public int getReceiveBufferSize() {
    return 64 * 1024;
  }

  @Override
  public void setReceiveBufferSize(int size) {}

  /** Takes what comes until the login is done. */
  private final class Receiver extends ChannelInboundHandlerAdapter {
    private boolean answersLogin;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      byte[] bytes = ByteBufUtil.getBytes((ByteBuf) message);
      ReferenceCountUtil.release(message);
      if (!answersLogin && bytes.length > 0) {
        // N declines the offer to encrypt, S or G accepts it; R and E answer the login.
        byte first = bytes[0];
        encrypted |= first != 'R' && first != 'E' && first != 'N';
        answersLogin = first != 'N';
      }
      received.add(bytes);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      received.add(END);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
      var unused = context.close();
    }
  }

  private final class Input extends InputStream {
    private byte[] current = {};
    private int next;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int from, int length) throws IOException {
      if (next == current.length) {
        current = take();
        next = 0;
        if (current == END) {
          received.add(END);
          return -1;
        }
      }
      int read = Math.min(length, current.length - next);
      System.arraycopy(current, next, to, from, read);
      next += read;
      return read;
    }

    private byte[] take() throws IOException {
      try {
        byte[] bytes =
            timeoutMs == 0 ? received.take() : received.poll(timeoutMs, TimeUnit.MILLISECONDS);
        if (bytes == null) {
          throw new SocketTimeoutException("Read timed out");
        }
        return bytes;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException();
      }
    }

    @Override
    public int available() {
      return current.length - next;
    }
  }
}
