package dev.taskport.adapter.rest.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Serves a key set on the loopback, or misbehaves. */
public final class JwksServer implements AutoCloseable {
  private interface Answer {
    void give(HttpExchange exchange) throws IOException, InterruptedException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger requests = new AtomicInteger();
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile Answer answer = exchange -> send(exchange, 404, "");

  public JwksServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext(
        "/jwks",
        exchange -> {
          requests.incrementAndGet();
          try (exchange) {
            answer.give(exchange);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks");
  }

  public int requests() {
    return requests.get();
  }

  public void serve(String keySet) {
    serve(200, keySet);
  }

  public void serve(int status, String body) {
    answer = exchange -> send(exchange, status, body);
  }

  /** Serves the set once it is released. */
  public void hold(String keySet) {
    answer =
        exchange -> {
          released.await();
          send(exchange, 200, keySet);
        };
  }

  public void release() {
    released.countDown();
  }

  /** Sends a byte now and then, and never all. */
  public void drip() {
    answer =
        exchange -> {
          exchange.sendResponseHeaders(200, 100_000);
          while (!released.await(50, TimeUnit.MILLISECONDS)) {
            exchange.getResponseBody().write(' ');
            exchange.getResponseBody().flush();
          }
        };
  }

  public void redirect() {
    answer =
        exchange -> {
          exchange.getResponseHeaders().set("Location", address() + "?again");
          send(exchange, 302, "");
        };
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    release();
    server.stop(0);
    threads.shutdownNow();
  }
}
