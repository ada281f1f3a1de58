package dev.taskport.adapter.rest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A reverse proxy in front of the service: what is below a path on it, it passes on. It tells who
 * its client is, and what its client called it.
 */
public final class FrontProxy implements AutoCloseable {
  /** What the proxy itself decides, and what the client of the JDK doesn't let it set. */
  private static final Set<String> OWN =
      Set.of("connection", "content-length", "date", "expect", "host", "transfer-encoding");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(8);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI service;
  private final String path;
  private final boolean strips;

  /**
   * @param path below which the service is
   * @param strips whether the path is taken away from what is passed on
   */
  public FrontProxy(URI service, String path, boolean strips) {
    this.service = service;
    this.path = path;
    this.strips = strips;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::pass);
    server.setExecutor(threads);
    server.start();
  }

  /** A page as the proxy's clients call it. */
  public URI uri(String target) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + target);
  }

  private void pass(HttpExchange exchange) throws IOException {
    String target = exchange.getRequestURI().toString();
    if (!target.startsWith(path)) {
      exchange.sendResponseHeaders(404, -1);
      exchange.close();
      return;
    }
    String passed = strips ? target.substring(path.length()) : target;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.resolve(passed.startsWith("/") ? passed : "/" + passed))
            .method(
                exchange.getRequestMethod(),
                HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    request.setHeader("X-Forwarded-For", exchange.getRemoteAddress().getAddress().getHostAddress());
    request.setHeader("X-Forwarded-Host", exchange.getRequestHeaders().getFirst("Host"));
    try {
      HttpResponse<byte[]> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      answer
          .headers()
          .map()
          .forEach(
              (name, values) -> {
                if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                  values.forEach(value -> exchange.getResponseHeaders().add(name, value));
                }
              });
      byte[] body = answer.body();
      exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
