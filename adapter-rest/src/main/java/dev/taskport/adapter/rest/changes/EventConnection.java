package dev.taskport.adapter.rest.changes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micronaut.core.io.buffer.ReadBuffer;
import io.micronaut.core.io.buffer.ReadBufferFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The body of one event stream, for one subscriber: the framework, which asks for more when the
 * client has taken what came before. The methods may be called from any thread; everything happens
 * on the connection's event loop.
 */
final class EventConnection implements Publisher<ReadBuffer>, Subscription {
  private static final ByteBuffer HEARTBEAT = UTF_8.encode(":\n\n").asReadOnlyBuffer();

  private final ChannelHandlerContext connection;
  private final EventExecutor loop;
  private final ReadBufferFactory buffers;
  private final Duration heartbeat;
  private final Duration lifetime;
  private final Runnable onOpen;
  private final Runnable onClose;

  /** The following are used on the event loop only. */
  private final Deque<Part> waiting = new ArrayDeque<>(2);

  private @Nullable Subscriber<? super ReadBuffer> subscriber;
  private @Nullable Future<?> heartbeats;
  private @Nullable Future<?> expiry;
  private @Nullable Runnable whenTaken;
  private long demand;
  private boolean missedBeat;
  private boolean sending;
  private boolean closed;

  private record Part(ByteBuffer bytes, @Nullable Runnable whenTaken) {}

  /**
   * A body that begins when it is subscribed to.
   *
   * @param opening what is sent first
   * @param heartbeat how often a comment is sent; a client that takes nothing between two of them
   *     is cut off
   * @param lifetime after how long the body ends
   * @param onOpen called when the body begins
   * @param onClose called when it has ended, for whatever reason
   */
  EventConnection(
      ChannelHandlerContext connection,
      ReadBufferFactory buffers,
      String opening,
      Duration heartbeat,
      Duration lifetime,
      Runnable onOpen,
      Runnable onClose) {
    this.connection = connection;
    this.loop = connection.executor();
    this.buffers = buffers;
    this.heartbeat = heartbeat;
    this.lifetime = lifetime;
    this.onOpen = onOpen;
    this.onClose = onClose;
    waiting.add(new Part(UTF_8.encode(opening), null));
  }

  @Override
  public void subscribe(Subscriber<? super ReadBuffer> by) {
    onLoop(
        () -> {
          subscriber = by;
          long beat = heartbeat.toMillis();
          heartbeats = loop.scheduleAtFixedRate(this::beatOrCut, beat, beat, TimeUnit.MILLISECONDS);
          expiry = loop.schedule(this::end, lifetime.toMillis(), TimeUnit.MILLISECONDS);
          onOpen.run();
          by.onSubscribe(this);
        });
  }

  /**
   * Sends bytes, which other streams may send too, as soon as the client takes them. Then calls
   * {@code taken} once.
   */
  void send(ByteBuffer bytes, Runnable taken) {
    onLoop(
        () -> {
          waiting.add(new Part(bytes, taken));
          drain();
        });
  }

  /** Sends a heartbeat, unless there is something else to send. */
  void beat() {
    onLoop(
        () -> {
          if (waiting.isEmpty() && demand > 0) {
            waiting.add(new Part(HEARTBEAT, null));
            drain();
          }
        });
  }

  private void beatOrCut() {
    if (demand > 0) {
      beat();
    } else if (missedBeat) {
      cut();
    } else {
      missedBeat = true;
    }
  }

  /** Closes the connection: a client that takes nothing wouldn't see the end of the body either. */
  private void cut() {
    close();
    var unused = connection.close();
  }

  /** Ends the body. The client sees that it is complete, and resumes by the last event's id. */
  void end() {
    loop.execute(
        () -> {
          Subscriber<? super ReadBuffer> open = subscriber;
          if (!closed && open != null) {
            close();
            open.onComplete();
          }
        });
  }

  @Override
  public void request(long n) {
    onLoop(
        () -> {
          demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
          missedBeat = false;
          if (whenTaken != null) {
            Runnable taken = whenTaken;
            whenTaken = null;
            taken.run();
          }
          drain();
        });
  }

  @Override
  public void cancel() {
    onLoop(this::close);
  }

  /** The subscriber asks for more within {@code onNext}; it must not be called again there. */
  private void drain() {
    if (sending) {
      return;
    }
    sending = true;
    try {
      while (demand > 0 && !closed && subscriber != null && !waiting.isEmpty()) {
        Part part = waiting.remove();
        demand--;
        whenTaken = part.whenTaken();
        subscriber.onNext(buffers.adapt(part.bytes().duplicate()));
      }
    } finally {
      sending = false;
    }
  }

  private void close() {
    if (closed) {
      return;
    }
    closed = true;
    waiting.clear();
    if (heartbeats != null) {
      heartbeats.cancel(false);
    }
    if (expiry != null) {
      expiry.cancel(false);
    }
    onClose.run();
  }

  private void onLoop(Runnable action) {
    if (loop.inEventLoop()) {
      action.run();
    } else {
      loop.execute(action);
    }
  }
}
