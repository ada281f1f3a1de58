package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.embedded.EmbeddedPostgres;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does with the real process, and sees of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperationIT {
  private static final String TASKS = "/api/user123/tasks";

  private @TempDir Path folder;
  private EmbeddedPostgres postgres;

  @BeforeAll
  void startDatabase(@TempDir Path data) {
    postgres = EmbeddedPostgres.start(data.resolve("data"));
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
  void aStopUnderLoadLeavesNoRequestOfAKeptConnectionUnanswered() throws Exception {
    int clients = 12;
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try (TaskportProcess service = running()) {
      URI uri = service.awaitListening();
      CountDownLatch busy = new CountDownLatch(300);
      List<Future<Integer>> all = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        KeptConnection connection = new KeptConnection(uri);
        all.add(
            threads.submit(
                () -> {
                  int unanswered = 0;
                  try (connection) {
                    while (!connection.isLast() && unanswered == 0) {
                      unanswered += connection.send("GET", TASKS) == 200 ? 0 : 1;
                      busy.countDown();
                    }
                  }
                  return unanswered;
                }));
      }
      assertTrue(busy.await(60, TimeUnit.SECONDS));

      service.terminate();

      int unanswered = 0;
      for (Future<Integer> one : all) {
        unanswered += one.get(60, TimeUnit.SECONDS);
      }
      assertEquals(0, unanswered);
      assertEquals(143, service.awaitEnd());
      assertFalse(service.output().contains("still under way"), service.output());
    } finally {
      threads.shutdownNow();
    }
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

  @Test
  void theLinesOfRequestsCanBeTurnedOff() {
    try (TaskportProcess service = running("ACCESS_LOG", "false")) {
      service.send("GET", TASKS, null);
      service.terminate();
      service.awaitEnd();

      assertFalse(service.output().contains("method=GET"), service.output());
    }
  }
}
