package dev.taskport.adapter.rest.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the answers of a connection, or the one of an HTTP/2 stream, leave in pieces, as the client
 * takes them, and closes it if the client takes too little. Only while bytes wait does this count:
 * a client of an event stream that reads what comes is never slow. Used by the connection's event
 * loop only, but for {@link #stalled}, {@link #held} and {@link #cut}.
 */
final class AnswerFlow extends ChannelDuplexHandler implements BytesInFlight.Unread {
  /** In bytes. Netty copies each piece out of the heap before it writes it. */
  static final int PIECE = 16 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(AnswerFlow.class);

  private final LeastRate rate;
  private final Duration allowance;
  private final BytesInFlight inFlight;
  private final Runnable onAnswered;

  private final Deque<Waiting> queue = new ArrayDeque<>();
  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> check;
  private long checkedAt;
  private long takenSinceCheck;

  /** In bytes: how far the client is behind the least rate, while bytes of this answer waited. */
  private long behind;

  private volatile long held;
  private volatile long takenAt;

  private record Waiting(HttpContent content, ChannelPromise promise) {}

  /**
   * @param rate the least rate of the client
   * @param allowance how long a client may take nothing at all. The sockets' buffers make even a
   *     steady reader look like that for a time.
   * @param onAnswered called when an answer is written, to its last byte
   */
  AnswerFlow(LeastRate rate, Duration allowance, BytesInFlight inFlight, Runnable onAnswered) {
    this.rate = rate;
    this.allowance = allowance;
    this.inFlight = inFlight;
    this.onAnswered = onAnswered;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext newContext) {
    context = newContext;
  }

  @Override
  public void write(ChannelHandlerContext unused, Object message, ChannelPromise promise) {
    boolean interim =
        message instanceof HttpResponse response
            && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    ChannelPromise written = promise;
    if (message instanceof LastHttpContent && !interim) {
      written = promise.unvoid().addListener(done -> answered());
    }
    if (!(message instanceof HttpContent content)) {
      pass(message, 0, written);
      return;
    }
    int size = content.content().readableBytes();
    add(size);
    if (queue.isEmpty() && size <= PIECE) {
      pass(content, size, written);
    } else if (content instanceof FullHttpResponse whole) {
      pass(
          new DefaultHttpResponse(whole.protocolVersion(), whole.status(), whole.headers()),
          0,
          context().voidPromise());
      queue.add(
          new Waiting(
              new DefaultLastHttpContent(whole.content(), whole.trailingHeaders()), written));
    } else {
      queue.add(new Waiting(content, written));
    }
  }

  @Override
  public void flush(ChannelHandlerContext unused) {
    writePieces();
    context().flush();
    if (held > 0 && check == null) {
      checkedAt = System.nanoTime();
      takenAt = checkedAt;
      takenSinceCheck = 0;
      inFlight.await(this);
      rate.begin();
      scheduleCheck();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext unused) {
    if (!queue.isEmpty() && context().channel().isWritable()) {
      writePieces();
      context().flush();
    }
    context().fireChannelWritabilityChanged();
  }

  private void writePieces() {
    Waiting next = queue.peek();
    while (next != null && context().channel().isWritable()) {
      ByteBuf bytes = next.content().content();
      if (bytes.readableBytes() > PIECE) {
        pass(new DefaultHttpContent(bytes.readRetainedSlice(PIECE)), PIECE, context().newPromise());
        continue;
      }
      queue.remove();
      pass(next.content(), bytes.readableBytes(), next.promise());
      next = queue.peek();
    }
  }

  private void pass(Object message, int size, ChannelPromise promise) {
    var unused =
        context()
            .write(
                message, size == 0 ? promise : promise.unvoid().addListener(written -> took(size)));
  }

  private void took(int size) {
    takenSinceCheck += size;
    takenAt = System.nanoTime();
    add(-size);
    if (held == 0) {
      endCheck();
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only the event loop writes it
  private void add(int bytes) {
    held += bytes;
    inFlight.add(bytes);
  }

  private void scheduleCheck() {
    check =
        context()
            .executor()
            .schedule(this::check, allowance.toMillis() / 12 + 1, TimeUnit.MILLISECONDS);
  }

  private void settle() {
    long now = System.nanoTime();
    double owed = (now - checkedAt) / 1e9 * rate.perAnswer();
    behind = Math.max(0, behind + (long) owed - takenSinceCheck);
    checkedAt = now;
    takenSinceCheck = 0;
  }

  private void answered() {
    behind = 0;
    onAnswered.run();
  }

  private void check() {
    settle();
    if (behind > allowance.toMillis() / 1e3 * rate.perAnswer()) {
      cut("the client takes less than " + rate.perAnswer() + " bytes a second");
      return;
    }
    scheduleCheck();
  }

  private void endCheck() {
    if (check != null) {
      settle();
      check.cancel(false);
      check = null;
      rate.end();
      inFlight.done(this);
    }
  }

  @Override
  public Duration stalled() {
    return Duration.ofNanos(System.nanoTime() - takenAt);
  }

  @Override
  public long held() {
    return held;
  }

  @Override
  public void cut(String reason) {
    LOG.debug("A connection is cut: {}", reason);
    var unused = context().close();
  }

  /** While bytes wait, {@link #check} decides. */
  @Override
  public void userEventTriggered(ChannelHandlerContext unused, Object event) {
    if (!(event instanceof IdleStateEvent) || held == 0) {
      context().fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext unused) {
    discard();
    context().fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext unused) {
    discard();
  }

  private void discard() {
    endCheck();
    ClosedChannelException closed = new ClosedChannelException();
    for (Waiting rest = queue.poll(); rest != null; rest = queue.poll()) {
      add(-rest.content().content().readableBytes());
      ReferenceCountUtil.release(rest.content());
      rest.promise().tryFailure(closed);
    }
  }

  private ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("Not in a pipeline");
    }
    return context;
  }
}
