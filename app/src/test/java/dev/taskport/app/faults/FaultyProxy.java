package dev.taskport.app.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on a port of its own that refuses, cuts and stalls connections when it is told to.
 */
public final class FaultyProxy implements AutoCloseable {
  private final int port;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile int target;
  private @Nullable ServerSocket listener;
  private boolean stalled;

  /**
   * @param target the port on the loopback to which it forwards
   */
  public FaultyProxy(int target) {
    this.target = target;
    port = freePort();
  }

  /** Not one that the system may give to a client while it is closed here. */
  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
      try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      } catch (IOException e) {
        // It is taken: another one.
      }
    }
  }

  /** A proxy that lets everything through. */
  public static FaultyProxy open(int target) {
    FaultyProxy proxy = new FaultyProxy(target);
    proxy.accept();
    return proxy;
  }

  public int port() {
    return port;
  }

  /** Forwards new connections to this port from now on. */
  public void target(int port) {
    target = port;
  }

  /** Accepts connections, and lets through what was held back. */
  public synchronized void accept() {
    stalled = false;
    notifyAll();
    if (listener != null) {
      return;
    }
    try {
      ServerSocket opened = new ServerSocket();
      opened.setReuseAddress(true);
      opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      listener = opened;
      start(() -> forward(opened));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Cuts all connections, and refuses new ones. */
  public synchronized void refuse() {
    if (listener != null) {
      close(listener);
      listener = null;
    }
    cut();
  }

  /** Accepts connections, but passes nothing on in any direction. */
  public synchronized void stall() {
    stalled = true;
  }

  /** Cuts all connections. */
  public void cut() {
    sockets.forEach(FaultyProxy::close);
  }

  /** Cuts some of the connections. */
  public void cutSome(Random random) {
    for (Socket socket : sockets) {
      if (random.nextInt(3) == 0) {
        close(socket);
      }
    }
  }

  @Override
  public synchronized void close() {
    stalled = false;
    notifyAll();
    refuse();
  }

  private void forward(ServerSocket from) throws IOException {
    while (true) {
      Socket client = from.accept();
      sockets.add(client);
      start(
          () -> {
            awaitOpen();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(server);
            start(() -> pump(server, client));
            pump(client, server);
          },
          client);
    }
  }

  private void pump(Socket from, Socket to) throws IOException {
    byte[] buffer = new byte[8192];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        awaitOpen();
        out.write(buffer, 0, n);
      }
    } finally {
      sockets.remove(from);
      sockets.remove(to);
      close(from);
      close(to);
    }
  }

  private synchronized void awaitOpen() throws IOException {
    try {
      while (stalled) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static void close(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      // It is closed then, or nearly.
    }
  }

  /** Work that ends with a connection. */
  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work, AutoCloseable... resources) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                for (AutoCloseable resource : resources) {
                  close(resource);
                }
              }
            },
            "faulty-proxy");
    thread.setDaemon(true);
    thread.start();
  }
}
