package dev.taskport.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Sends requests at a steady rate, however long the answers take (an open loop), over kept
 * connections. A request's time begins when its turn comes, not when a connection is free for it.
 */
final class OpenLoop implements AutoCloseable {
  private static final int MOST_CONNECTIONS = 2_000;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final InetSocketAddress service;
  private final IntFunction<String> requests;
  private final Selector selector;
  private final Deque<Connection> idle = new ArrayDeque<>();
  private final Deque<Arrival> queue = new ArrayDeque<>();
  private final List<Answer> answers = new ArrayList<>();
  private int connections;
  private int underWay;

  /** The status, whether it says when to come again, and after how long it came. */
  record Answer(int status, boolean retryAfter, long nanos) {}

  private record Arrival(int number, long due) {}

  /**
   * @param requests the whole text of a request, by its number
   */
  OpenLoop(URI uri, IntFunction<String> requests) throws IOException {
    service = new InetSocketAddress(uri.getHost(), uri.getPort());
    this.requests = requests;
    selector = Selector.open();
  }

  /**
   * Sends the next request when one is answered, so that there are always as many, for a while.
   *
   * @return an answer for each request
   */
  List<Answer> atOnce(int many, Duration time) throws IOException {
    answers.clear();
    long end = System.nanoTime() + time.toNanos();
    int sent = 0;
    while (System.nanoTime() < end || underWay > 0) {
      while (underWay < many && System.nanoTime() < end) {
        connection().send(new Arrival(sent++, System.nanoTime()));
      }
      if (underWay > 0 && select(PATIENCE.toMillis()) == 0) {
        throw new IOException("There is no answer");
      }
    }
    return List.copyOf(answers);
  }

  private Connection connection() throws IOException {
    return idle.isEmpty() ? new Connection() : idle.pop();
  }

  private int select(long millis) throws IOException {
    int ready = millis > 0 ? selector.select(millis) : selector.selectNow();
    for (SelectionKey key : selector.selectedKeys()) {
      ((Connection) key.attachment()).read();
    }
    selector.selectedKeys().clear();
    return ready;
  }

  /**
   * Offers load for a while, then waits for the answers.
   *
   * @return an answer for each request; those without one have the status 0
   */
  List<Answer> run(double perSecond, Duration time) throws IOException {
    answers.clear();
    int all = (int) (perSecond * time.toMillis() / 1000);
    double interval = 1e9 / perSecond;
    long start = System.nanoTime();
    int sent = 0;
    while (sent < all || underWay > 0 || !queue.isEmpty()) {
      while (sent < all && System.nanoTime() - start >= (long) (sent * interval)) {
        queue.add(new Arrival(sent, start + (long) (sent * interval)));
        sent++;
      }
      while (!queue.isEmpty() && (!idle.isEmpty() || connections < MOST_CONNECTIONS)) {
        connection().send(queue.remove());
      }
      long untilNext = start + (long) (sent * interval) - System.nanoTime();
      long patience = sent < all ? TimeUnit.NANOSECONDS.toMillis(untilNext) : PATIENCE.toMillis();
      if (select(patience) == 0 && sent == all) {
        break;
      }
    }
    for (int i = underWay + queue.size(); i > 0; i--) {
      answers.add(new Answer(0, false, PATIENCE.toNanos()));
    }
    return List.copyOf(answers);
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }

  private final class Connection {
    private final SocketChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
    private Arrival arrival = new Arrival(0, 0);

    Connection() throws IOException {
      channel = SocketChannel.open(service);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, this);
      connections++;
    }

    void send(Arrival newArrival) throws IOException {
      arrival = newArrival;
      underWay++;
      ByteBuffer bytes =
          ByteBuffer.wrap(requests.apply(arrival.number()).getBytes(StandardCharsets.ISO_8859_1));
      while (bytes.hasRemaining()) { // small: the socket takes it at once
        channel.write(bytes);
      }
    }

    void read() {
      int count;
      try {
        count = channel.read(buffer);
      } catch (IOException e) {
        count = -1;
      }
      String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
      int end = text.indexOf("\r\n\r\n");
      String head = end < 0 ? "" : text.substring(0, end).toLowerCase(Locale.ROOT);
      int body = head.indexOf("\r\ncontent-length: ");
      if (body >= 0) {
        int stop = head.indexOf("\r\n", body + 2);
        int length = Integer.parseInt(head.substring(body + 18, stop < 0 ? head.length() : stop));
        if (text.length() >= end + 4 + length) {
          underWay--;
          answers.add(
              new Answer(
                  Integer.parseInt(head.substring(9, 12)),
                  head.contains("\r\nretry-after: "),
                  System.nanoTime() - arrival.due()));
          buffer.clear();
          if (head.contains("connection: close")) {
            drop();
          } else {
            idle.push(this);
          }
          return;
        }
      }
      if (count < 0) {
        if (!idle.remove(this)) {
          underWay--;
          answers.add(new Answer(0, false, System.nanoTime() - arrival.due()));
        }
        drop();
      }
    }

    private void drop() {
      connections--;
      try {
        channel.close();
      } catch (IOException e) {
        // it is gone
      }
    }
  }
}
