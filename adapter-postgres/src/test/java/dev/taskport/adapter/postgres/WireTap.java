package dev.taskport.adapter.postgres;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * Stands between the driver and PostgreSQL and notes what the driver sends: each message's type, by
 * PostgreSQL's protocol (P: one statement is parsed, E: one is executed, Q: both in the simple
 * form, S: the answer is waited for, which makes a round trip).
 */
public final class WireTap implements AutoCloseable {
  private final ServerSocket listener;
  private final int serverPort;
  private final boolean ownNumbers;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final Queue<Character> sent = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;
  private volatile CountDownLatch open = new CountDownLatch(0);
  private final List<CountDownLatch> stalled = new CopyOnWriteArrayList<>();
  private final List<AtomicReference<CountDownLatch>> connections = new CopyOnWriteArrayList<>();

  private WireTap(ServerSocket listener, int serverPort, boolean ownNumbers) {
    this.listener = listener;
    this.serverPort = serverPort;
    this.ownNumbers = ownNumbers;
  }

  public static WireTap before(int serverPort) {
    return start(0, serverPort, false);
  }

  /** One at the port of another that is closed. */
  public static WireTap inPlaceOf(WireTap closed) {
    return start(closed.port(), closed.serverPort, false);
  }

  /** One that greets with another process number than the server's, as connection poolers do. */
  public static WireTap likeAPooler(int serverPort) {
    return start(0, serverPort, true);
  }

  private static WireTap start(int port, int serverPort, boolean ownNumbers) {
    try {
      WireTap tap =
          new WireTap(
              new ServerSocket(port, 50, InetAddress.getLoopbackAddress()), serverPort, ownNumbers);
      start(tap::accept);
      return tap;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** What the driver sends while this runs, a letter for each message. */
  public String during(Runnable work) {
    sent.clear();
    work.run();
    return sent.stream().map(String::valueOf).collect(Collectors.joining());
  }

  /** From now on nothing gets through to the server, and nobody is told. */
  public void stall() {
    open = new CountDownLatch(1);
  }

  /** ... on the connections that are open now. New ones work. */
  public void stallOpenConnections() {
    CountDownLatch latch = new CountDownLatch(1);
    stalled.add(latch);
    connections.forEach(connection -> connection.set(latch));
  }

  /** What was held back gets through. */
  public void resume() {
    open.countDown();
    stalled.forEach(CountDownLatch::countDown);
  }

  @Override
  public void close() throws IOException {
    closed = true;
    resume();
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listener.accept();
      sockets.add(client);
      Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
      sockets.add(server);
      if (closed) { // meanwhile, and so unseen
        client.close();
        server.close();
      }
      AtomicReference<CountDownLatch> gate = new AtomicReference<>(new CountDownLatch(0));
      connections.add(gate);
      start(() -> forwardMessages(client, server, gate));
      start(
          () -> {
            try (client;
                server) {
              if (ownNumbers) {
                greet(server, client);
              }
              server.getInputStream().transferTo(client.getOutputStream());
            }
          });
    }
  }

  private void forwardMessages(Socket client, Socket server, AtomicReference<CountDownLatch> gate)
      throws IOException {
    try (client;
        server) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      DataOutputStream out = new DataOutputStream(server.getOutputStream());
      forwardBody(in, out); // The first message has no type.
      while (true) {
        byte type = in.readByte();
        sent.add((char) type);
        open.await();
        Objects.requireNonNull(gate.get()).await();
        out.writeByte(type);
        forwardBody(in, out);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Passes on what the server says up to its number, which becomes another. */
  private static void greet(Socket server, Socket client) throws IOException {
    DataInputStream in = new DataInputStream(server.getInputStream());
    DataOutputStream out = new DataOutputStream(client.getOutputStream());
    byte type;
    do {
      type = in.readByte();
      out.writeByte(type);
      if (type == 'K') {
        out.writeInt(in.readInt());
        out.writeInt(in.readInt() + 1);
      } else {
        forwardBody(in, out);
      }
    } while (type != 'K');
  }

  private static void forwardBody(DataInputStream in, DataOutputStream out) throws IOException {
    int length = in.readInt();
    byte[] body = in.readNBytes(length - Integer.BYTES);
    out.writeInt(length);
    out.write(body);
    out.flush();
  }

  /** Work that ends when a connection does. */
  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // A side has hung up: the connection is over.
              }
            },
            "wire-tap");
    thread.setDaemon(true);
    thread.start();
  }
}
