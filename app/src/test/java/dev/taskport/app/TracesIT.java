package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.taskport.adapter.postgres.embedded.EmbeddedPostgres;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a collector gets from the real process. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TracesIT {
  private static final String TASKS = "/api/user123/tasks";
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CALLER = "00f067aa0ba902b7";

  private @TempDir Path folder;
  private EmbeddedPostgres postgres;

  @BeforeAll
  void startDatabase(@TempDir Path data) {
    postgres = EmbeddedPostgres.start(PreparedData.in(data));
  }

  @AfterAll
  void stopDatabase() {
    postgres.close();
  }

  private TaskportProcess running(String... settings) {
    Map<String, String> variables = new HashMap<>();
    variables.put(
        "DATABASE_URL",
        postgres.jdbcUrl() + "&user=" + postgres.username() + "&password=" + postgres.password());
    for (int i = 0; i < settings.length; i += 2) {
      variables.put(settings[i], settings[i + 1]);
    }
    return TaskportProcess.running(folder, variables);
  }

  @Test
  void aRequestIsASpanOfItsCallersTraceWithTheStoresSpansBelowIt() throws Exception {
    try (Collector collector = new Collector();
        TaskportProcess service =
            running(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                collector.url(),
                "OTEL_EXPORTER_OTLP_HEADERS",
                "api-key=s3cret%20key",
                "OTEL_SERVICE_NAME",
                "tasks")) {
      String traceparent = "00-" + TRACE + "-" + CALLER + "-01";
      assertEquals(
          201,
          service
              .send("POST", TASKS, "{\"title\":\"s3cret title\"}", "traceparent", traceparent)
              .statusCode());
      assertEquals(200, service.send("GET", TASKS + "?search=s3cret", null).statusCode());
      assertEquals(404, service.send("GET", "/s3cret", null).statusCode());
      service.terminate();
      service.awaitEnd();

      Span request = collector.span("POST /api/{user_id}/tasks");
      assertEquals(TRACE, hex(request.getTraceId()));
      assertEquals(CALLER, hex(request.getParentSpanId()));
      assertEquals(SpanKind.SPAN_KIND_SERVER, request.getKind());
      assertEquals(
          Map.of(
              "http.request.method", "POST",
              "http.route", "/api/{user_id}/tasks",
              "http.response.status_code", "201",
              "url.scheme", "http"),
          attributes(request));

      Span call = collector.span("TaskRepository.create");
      assertEquals(TRACE, hex(call.getTraceId()));
      assertEquals(request.getSpanId(), call.getParentSpanId());
      Span statement = collector.span("INSERT");
      assertEquals(TRACE, hex(statement.getTraceId()));
      assertEquals(call.getSpanId(), statement.getParentSpanId());
      assertEquals(SpanKind.SPAN_KIND_CLIENT, statement.getKind());
      assertEquals(
          Map.of("db.system.name", "postgresql", "db.operation.name", "INSERT"),
          attributes(statement));

      Span list = collector.span("GET /api/{user_id}/tasks");
      assertTrue(list.getParentSpanId().isEmpty());
      assertEquals(list.getSpanId(), collector.span("TaskChangeLog.listMarked").getParentSpanId());
      assertEquals("404", attributes(collector.span("GET")).get("http.response.status_code"));

      assertEquals(7, collector.spans().size(), collector.text());
      assertFalse(collector.text().contains("user123"), collector.text());
      assertFalse(collector.text().contains("s3cret"), collector.text());
      assertEquals(List.of("s3cret key"), collector.keys());
      assertTrue(collector.text().contains("service.name"), collector.text());
      assertEquals(
          1,
          service.output().lines().filter(line -> line.contains(" trace_id=" + TRACE)).count(),
          service.output());
    }
  }

  @Tag("full")
  @Test
  void nothingIsSentOfWhatTheSamplerLeavesOut() throws Exception {
    try (Collector collector = new Collector();
        TaskportProcess service =
            running(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                collector.url(),
                "OTEL_TRACES_SAMPLER",
                "parentbased_always_off")) {
      assertEquals(200, service.send("GET", TASKS, null).statusCode());
      assertEquals(
          200,
          service
              .send("GET", TASKS, null, "traceparent", "00-" + TRACE + "-" + CALLER + "-00")
              .statusCode());
      assertEquals(
          200,
          service
              .send(
                  "GET",
                  TASKS + "?limit=1",
                  null,
                  "traceparent",
                  "00-" + TRACE + "-" + CALLER + "-01")
              .statusCode());
      service.terminate();
      service.awaitEnd();

      assertEquals(3, collector.spans().size(), collector.text());
      assertTrue(
          collector.spans().stream().allMatch(span -> hex(span.getTraceId()).equals(TRACE)),
          collector.text());
    }
  }

  @Tag("full")
  @Test
  void aCollectorThatRefusesCostsOneLineUntilItTakesSpansAgain() throws Exception {
    try (Collector collector = new Collector();
        TaskportProcess service = running("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url())) {
      collector.status = 400;
      while (collector.requests.get() < 3) {
        assertEquals(200, service.send("GET", TASKS, null).statusCode());
      }
      collector.status = 200;
      assertEquals(200, service.send("GET", TASKS, null).statusCode());
      service.terminate();
      service.awaitEnd();

      List<String> lines =
          service.output().lines().filter(line -> !line.contains(" access - ")).toList();
      assertEquals(
          1,
          lines.stream()
              .filter(line -> line.matches(".*WARN  Tracing - Traces can't be sent to .*"))
              .count(),
          lines.toString());
      assertEquals(
          1,
          lines.stream()
              .filter(line -> line.matches(".*INFO  Tracing - Over, \\d+ spans were lost: .*"))
              .count(),
          lines.toString());
      assertTrue(lines.stream().noneMatch(line -> line.contains("HttpExporter")), lines.toString());
    }
  }

  @Tag("full")
  @Test
  void withoutItsCollectorTheServiceStartsServesAndStops() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }
    try (TaskportProcess service =
        running("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + port)) {
      for (int i = 0; i < 20; i++) {
        assertEquals(200, service.send("GET", TASKS, null).statusCode());
      }
      service.awaitOutput("Traces can't be sent to 127.0.0.1:" + port);
      assertEquals(200, service.send("GET", TASKS, null).statusCode());
      long stop = System.nanoTime();
      service.terminate();

      assertEquals(143, service.awaitEnd());
      assertTrue(System.nanoTime() - stop < 30_000_000_000L);
      assertEquals(
          1,
          service.output().lines().filter(line -> line.contains("Traces can't")).count(),
          service.output());
    }
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  private static Map<String, String> attributes(Span span) {
    return span.getAttributesList().stream()
        .collect(
            Collectors.toMap(
                pair -> pair.getKey(),
                pair ->
                    pair.getValue().hasStringValue()
                        ? pair.getValue().getStringValue()
                        : String.valueOf(pair.getValue().getIntValue())));
  }

  /** A receiver of OTLP over HTTP, such as a collector has. */
  private static final class Collector implements AutoCloseable {
    private final HttpServer server;
    private final List<ResourceSpans> received = new CopyOnWriteArrayList<>();
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile int status = 200;

    Collector() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/v1/traces", this::take);
      server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
      int answer = status;
      ExportTraceServiceRequest request =
          ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
      if (answer == 200) {
        received.addAll(request.getResourceSpansList());
      }
      String key = exchange.getRequestHeaders().getFirst("api-key");
      if (key != null) {
        keys.add(key);
      }
      exchange.sendResponseHeaders(answer, -1);
      exchange.close();
      requests.incrementAndGet();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    List<String> keys() {
      return keys.stream().distinct().toList();
    }

    List<Span> spans() {
      return received.stream()
          .flatMap(resource -> resource.getScopeSpansList().stream())
          .flatMap(scope -> scope.getSpansList().stream())
          .toList();
    }

    Span span(String name) {
      List<Span> spans = spans().stream().filter(span -> span.getName().equals(name)).toList();
      assertEquals(1, spans.size(), name + " in " + text());
      return spans.get(0);
    }

    String text() {
      return received.toString();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
