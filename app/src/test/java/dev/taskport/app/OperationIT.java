package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.taskport.adapter.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator does with the real process, and sees of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperationIT {
  private static final String TASKS = "/api/user123/tasks";

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

  /** Half of the clients pause after each answer: their connections are kept without a request. */
  @ParameterizedTest
  @ValueSource(strings = {"0", "2"})
  void aStopUnderLoadLeavesNoRequestOfAKeptConnectionUnanswered(String delay) throws Exception {
    int clients = 16;
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try (TaskportProcess service = running("DRAIN_DELAY_SECONDS", delay)) {
      URI uri = service.awaitListening();
      CountDownLatch busy = new CountDownLatch(300);
      List<Future<String>> all = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        KeptConnection connection = new KeptConnection(uri);
        long pause = i % 2 * TimeUnit.MILLISECONDS.toNanos(20);
        all.add(
            threads.submit(
                () -> {
                  try (connection) {
                    while (!connection.isLast()) {
                      if (connection.isStale()) {
                        return "late"; // this client, not the service, has stalled
                      }
                      if (connection.send("GET", TASKS) != 200) {
                        return "unanswered";
                      }
                      busy.countDown();
                      LockSupport.parkNanos(pause);
                    }
                    return "told";
                  }
                }));
      }
      assertTrue(busy.await(60, TimeUnit.SECONDS));

      service.terminate();

      int told = 0;
      for (Future<String> one : all) {
        String end = one.get(60, TimeUnit.SECONDS);
        assertNotEquals("unanswered", end);
        told += end.equals("told") ? 1 : 0;
      }
      assertTrue(told > 0, "All clients have stalled");
      assertEquals(143, service.awaitEnd());
      assertFalse(service.output().contains("still under way"), service.output());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void ctrlCWaitsForNoDrainDelay() throws Exception {
    try (TaskportProcess service = running("DRAIN_DELAY_SECONDS", "300")) {
      assumeTrue(heedsCtrlC(service), "SIGINT is ignored here, as in the background of a shell");
      assertEquals(200, service.send("GET", TASKS, null).statusCode());

      interrupt(service);

      assertEquals(130, service.awaitEnd());
      assertTrue(service.output().contains("Stopped"), service.output());
    }
  }

  @Test
  void furtherSignalsEndTheDelayAndThenTheRequestsUnderWay() throws Exception {
    try (TaskportProcess service =
        running("DRAIN_DELAY_SECONDS", "300", "SHUTDOWN_GRACE_SECONDS", "300")) {
      URI uri = service.awaitListening();
      try (Socket underWay = new Socket(uri.getHost(), uri.getPort())) {
        String half = "POST " + TASKS + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n";
        underWay.getOutputStream().write(half.getBytes(StandardCharsets.US_ASCII));
        assertEquals(200, service.send("GET", TASKS, null).statusCode());

        service.terminate();
        service.awaitOutput("Stopping");
        service.terminate();
        service.awaitOutput("without the drain delay");
        service.terminate();

        assertEquals(143, service.awaitEnd());
        assertTrue(service.output().contains("Stopped"), service.output());
      }
    }
  }

  private static void interrupt(TaskportProcess service) throws Exception {
    Process kill =
        new ProcessBuilder("kill", "-INT", String.valueOf(service.handle().pid())).start();
    assertEquals(0, kill.waitFor());
  }

  private static boolean heedsCtrlC(TaskportProcess service) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + service.handle().pid() + "/status")).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .noneMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
  }

  @Test
  void whileItDrainsItServesButIsNotReady() {
    try (TaskportProcess service = running("DRAIN_DELAY_SECONDS", "300")) {
      assertEquals(200, service.send("GET", "/health/readiness", null).statusCode());

      service.terminate();
      service.awaitOutput("Stopping");
      while (service.send("GET", "/health/readiness", null).statusCode() == 200) {
        Thread.onSpinWait();
      }

      assertEquals(200, service.send("GET", TASKS, null).statusCode());
      assertEquals(200, service.send("GET", "/health/liveness", null).statusCode());
      service.kill();
    }
  }

  @Test
  void eachRequestLeavesALineThatAProgramCanRead() {
    try (TaskportProcess service = running("LOG_FORMAT", "json")) {
      service.send("GET", TASKS + "?search=milk", null, "X-Request-ID", "id-7");
      service.send("GET", "/nowhere", null, "X-Request-ID", "id-8");
      service.terminate();
      service.awaitEnd();

      List<String> lines = service.output().lines().toList();
      assertTrue(
          lines.stream().allMatch(line -> line.matches("\\{\"time\":.*}")), lines.toString());
      assertEquals(
          List.of(
              "\"method\":\"GET\",\"route\":\"/api/{user_id}/tasks\",\"status\":200,\"microseconds\":N,"
                  + "\"bytes\":2,\"request_id\":\"id-7\"}",
              "\"method\":\"GET\",\"route\":\"-\",\"status\":404,\"microseconds\":N,"
                  + "\"bytes\":115,\"request_id\":\"id-8\"}"),
          lines.stream()
              .filter(line -> line.contains("\"logger\":\"access\""))
              .map(line -> line.substring(line.indexOf("\"method\"")))
              .map(line -> line.replaceFirst("(microseconds\":)\\d+", "$1N"))
              .toList());
      assertFalse(service.output().contains("milk"), service.output());
      assertFalse(service.output().contains("user123"), service.output());
    }
  }

  @Tag("full")
  @Test
  void theLinesOfRequestsCanBeTurnedOff() {
    try (TaskportProcess service = running("ACCESS_LOG", "false")) {
      service.send("GET", TASKS, null);
      service.terminate();
      service.awaitEnd();

      assertFalse(service.output().contains("method=GET"), service.output());
    }
  }

  @Test
  void metricsAreOnAPortOfTheirOwnAndNameNoUser() throws Exception {
    try (TaskportProcess service = running("MANAGEMENT_PORT", "0")) {
      Matcher management =
          Pattern.compile("Metrics are at (http://\\S+)/metrics").matcher(service.output());
      assertTrue(management.find(), service.output());
      URI uri = URI.create(management.group(1));
      assertEquals(201, service.send("POST", TASKS, "{\"title\":\"t\"}").statusCode());
      service.send("POST", TASKS, "{\"title\":\"t\"}", "Idempotency-Key", "k");
      service.send("POST", TASKS, "{\"title\":\"t\"}", "Idempotency-Key", "k");
      assertEquals(200, service.send("GET", TASKS + "?search=milk", null).statusCode());
      for (int i = 0; i < 50; i++) {
        assertEquals(404, service.send("GET", "/unknown/" + i, null).statusCode());
      }

      String metrics = get(uri.resolve("/metrics")).body();
      for (String expected :
          List.of(
              "http_server_requests_seconds_count{method=\"POST\",route=\"/api/{user_id}/tasks\","
                  + "status=\"201\"} 3",
              "http_server_requests_seconds_count{method=\"GET\",route=\"none\",status=\"404\"} 50",
              "http_server_requests_seconds_bucket{method=\"GET\",route=\"/api/{user_id}/tasks\","
                  + "status=\"200\",le=\"10.0\"} 1",
              "taskport_requests_replayed_total 1.0",
              "taskport_streams 0.0",
              "taskport_connections ",
              "taskport_requests_refused_total{reason=\"overload\"} 0.0",
              "taskport_statements_repeated_total{reason=\"conflict\"} 0.0",
              "taskport_store_calls_seconds_count{operation=\"create\",outcome=\"done\"} 3",
              "taskport_store_calls_seconds_count{operation=\"listMarked\",outcome=\"done\"} 1",
              "hikaricp_connections_max{pool=\"taskport\"} 10.0",
              "jvm_memory_used_bytes{")) {
        assertTrue(metrics.contains(expected), expected + " is not in\n" + metrics);
      }
      assertFalse(metrics.contains("user123"), metrics);
      assertFalse(metrics.contains("unknown/"), metrics);
      assertTrue(metrics.lines().count() < 1000, metrics);

      for (String path : List.of("/health", "/health/readiness", "/health/liveness")) {
        assertEquals(200, get(uri.resolve(path)).statusCode());
      }
      assertEquals(404, get(uri.resolve("/metricsx")).statusCode());
      assertEquals(404, get(uri.resolve(TASKS)).statusCode());
      assertEquals(404, service.send("GET", "/metrics", null).statusCode());
    }
  }

  @Tag("full")
  @SuppressWarnings("try") // that the database is closed before its time is what is tested
  @Test
  void anOutageIsOneLineHoweverManyRequestsItRefuses(@TempDir Path data) throws Exception {
    EmbeddedPostgres database = EmbeddedPostgres.start(PreparedData.in(data));
    String url = database.jdbcUrl();
    String port = url.replaceAll(".*:(\\d+)/.*", "$1");
    try (TaskportProcess service =
        running(
            "LOG_LEVEL",
            "INFO",
            "ACCESS_LOG",
            "off",
            "DATABASE_URL",
            url + "&user=" + database.username() + "&password=" + database.password())) {
      assertEquals(200, service.send("GET", TASKS, null).statusCode());
      long before = service.output().lines().count();

      database.close();
      for (int i = 0; i < 2; i++) {
        List<CompletableFuture<HttpResponse<String>>> refused = new ArrayList<>();
        for (int j = 0; j < 20; j++) {
          refused.add(service.sendAsync("GET", TASKS, null));
        }
        for (CompletableFuture<HttpResponse<String>> one : refused) {
          assertEquals(503, one.get(60, TimeUnit.SECONDS).statusCode());
        }
        assertEquals(503, service.send("GET", "/health", null).statusCode());
      }

      List<String> lines = service.output().lines().skip(before).toList();
      assertEquals(1, lines.size(), service.output());
      String begin = "WARN  Outages - The database is down (127.0.0.1:" + port + "): ";
      assertTrue(lines.get(0).contains(begin), lines.get(0));
    } finally {
      database.close();
    }
  }

  private static HttpResponse<String> get(URI uri) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
