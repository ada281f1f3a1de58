package dev.taskport.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.taskport.adapter.rest.service.Health;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * The port for operators: {@code /metrics} in Prometheus' text format, and the health. It shares
 * neither threads nor connections with the service, so it answers when the service is overloaded.
 */
final class Management implements AutoCloseable {
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private static final String TEXT_TYPE = "text/plain; charset=utf-8";

  /** More than the health needs at most. */
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          4,
          work -> {
            Thread thread = new Thread(work, "management");
            thread.setDaemon(true);
            return thread;
          });
  private final HttpServer server;

  private Management(HttpServer server) {
    this.server = server;
    collections.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  /**
   * Takes the port; {@link #serve} answers on it.
   *
   * @throws SettingsException if the port is not free
   */
  static Management listen(String host, int port) {
    try {
      return new Management(HttpServer.create(new InetSocketAddress(host, port), 0));
    } catch (IOException e) {
      throw new SettingsException(
          "MANAGEMENT_PORT: can't listen on port %d of %s (%s): set it to another, or stop what uses it"
              .formatted(port, host, e.getMessage()));
    }
  }

  /** Where the parts of the service register their measurements. */
  PrometheusMeterRegistry registry() {
    return registry;
  }

  /** The address to call, without a path. */
  String url() {
    InetSocketAddress address = server.getAddress();
    InetAddress host = address.getAddress();
    String name = host.isAnyLocalAddress() ? "localhost" : host.getHostAddress();
    return "http://" + (name.indexOf(':') < 0 ? name : "[" + name + "]") + ":" + address.getPort();
  }

  /** Answers from now on. */
  void serve(Health health) {
    server.createContext("/", exchange -> answer(exchange, 404, TEXT_TYPE, "Not Found\n"));
    exactly("/metrics", () -> new Answer(200, METRICS_TYPE, registry.scrape()));
    exactly("/health", () -> answer(health.state()));
    exactly("/health/readiness", () -> answer(health.readiness()));
    exactly("/health/liveness", () -> answer(Mono.just(Health.State.HEALTHY)));
    server.setExecutor(threads);
    server.start();
  }

  private static Answer answer(Mono<Health.State> state) {
    Health.State told = state.blockOptional(DEADLINE).orElse(Health.State.STORE_DOWN);
    if (told == Health.State.HEALTHY) {
      return new Answer(200, TEXT_TYPE, "healthy\n");
    }
    String reason = told.reason();
    return new Answer(503, TEXT_TYPE, reason == null ? "unhealthy\n" : reason + "\n");
  }

  private void exactly(String path, Supplier<Answer> answers) {
    server.createContext(
        path,
        exchange -> {
          if (!exchange.getRequestURI().getPath().equals(path)) {
            answer(exchange, 404, TEXT_TYPE, "Not Found\n");
          } else if (!exchange.getRequestMethod().equals("GET")) {
            exchange.getResponseHeaders().set("Allow", "GET");
            answer(exchange, 405, TEXT_TYPE, "Only GET\n");
          } else {
            Answer answer = answers.get();
            answer(exchange, answer.status(), answer.type(), answer.body());
          }
        });
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    collections.close();
    registry.close();
  }

  private record Answer(int status, String type, String body) {}
}
