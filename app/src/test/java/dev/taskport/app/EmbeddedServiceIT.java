package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as a newcomer starts it: on the database that it brings along. */
class EmbeddedServiceIT {
  /** The same for all tests: making a database takes longer than finding one. */
  @TempDir private static Path folder;

  @Tag("full")
  @Test
  void aTaskIsStillThereAfterARestart() {
    String before;
    try (TaskportProcess service = TaskportProcess.running(folder, Map.of())) {
      create(service);
      before = service.send("GET", "/api/user123/tasks", null).body();
    }
    try (TaskportProcess service = TaskportProcess.running(folder, Map.of())) {
      assertEquals(before, service.send("GET", "/api/user123/tasks", null).body());
      assertTrue(before.contains("Buy milk"), before);
    }
    assertTrue(Files.isDirectory(folder.resolve("data")));
  }

  @Test
  void aTaskIsStillThereAfterTheServiceWasKilled() {
    String before;
    List<ProcessHandle> children;
    try (TaskportProcess service = TaskportProcess.running(folder, Map.of())) {
      create(service);
      before = service.send("GET", "/api/user123/tasks", null).body();
      children = service.handle().descendants().toList();
      service.kill();
    }
    try (TaskportProcess service = TaskportProcess.running(folder, Map.of())) {
      assertEquals(before, service.send("GET", "/api/user123/tasks", null).body());
    }
    assertFalse(children.isEmpty());
    assertTrue(children.stream().noneMatch(ProcessHandle::isAlive), "the old server is gone");
  }

  @Tag("full")
  @Test
  void aKeyIsRememberedByTheNextServiceWhenTheFirstWasKilled() {
    String first;
    try (TaskportProcess service = TaskportProcess.running(folder, Map.of())) {
      first = createWithKey(service).body();
      service.kill();
    }
    try (TaskportProcess service = TaskportProcess.running(folder, Map.of())) {
      HttpResponse<String> again = createWithKey(service);
      assertEquals(first, again.body());
      assertEquals("true", again.headers().firstValue("Idempotency-Replayed").orElseThrow());
    }
  }

  @Test
  void aDatabaseServerThatDiesIsStartedAgainAndTheServiceGoesOn() throws IOException {
    try (TaskportProcess service = TaskportProcess.running(folder, Map.of())) {
      create(service);
      String before = service.send("GET", "/api/user123/tasks", null).body();
      String pid = Files.readAllLines(folder.resolve("data/cluster/postmaster.pid")).get(0);
      ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
      service.awaitOutput("PostgreSQL is ready again");
      service.awaitHealth(200);
      assertEquals(before, service.send("GET", "/api/user123/tasks", null).body());
      create(service);
      assertTrue(service.output().contains("PostgreSQL ended by itself"), service.output());
    }
  }

  @Test
  void aPoolThatTheDatabaseHasNoConnectionsForStopsTheStart() {
    try (TaskportProcess service =
        TaskportProcess.start(folder, Map.of("DATABASE_POOL_SIZE", "48", "LOG_LEVEL", "OFF"))) {
      assertEquals(1, service.awaitEnd());
      assertEquals(1, service.output().lines().count(), service.output());
      assertTrue(service.output().startsWith("taskport: DATABASE_POOL_SIZE: "), service.output());
      assertTrue(service.output().contains("allows 47 connections"), service.output());
      assertTrue(service.output().contains("data/cluster/postgresql.conf"), service.output());
    }
    try (TaskportProcess service =
        TaskportProcess.running(folder, Map.of("DATABASE_POOL_SIZE", "47"))) {
      service.awaitHealth(200);
    }
  }

  @Tag("full")
  @Test
  void theTasksOfOneFolderAreRestoredIntoAnother() {
    String before;
    try (TaskportProcess service = TaskportProcess.running(folder, Map.of())) {
      createWithKey(service);
      before = service.send("GET", "/api/user123/tasks", null).body();
    }
    Map<String, String> other = Map.of("DATA_DIR", "other", "LOG_LEVEL", "OFF");
    assertTrue(run(0, Map.of("LOG_LEVEL", "OFF"), "dump", "a.dump").endsWith(" are in a.dump"));
    assertTrue(run(0, other, "restore", "a.dump").endsWith(" are restored from a.dump"));
    assertTrue(run(1, other, "restore", "a.dump").contains("isn't empty"));
    assertTrue(run(1, Map.of("LOG_LEVEL", "OFF"), "dump", "a.dump").contains("is there already"));
    try (TaskportProcess service = TaskportProcess.running(folder, Map.of("DATA_DIR", "other"))) {
      assertEquals(before, service.send("GET", "/api/user123/tasks", null).body());
      HttpResponse<String> again = createWithKey(service);
      assertEquals("true", again.headers().firstValue("Idempotency-Replayed").orElseThrow());
    }
  }

  /** Carries out a command that says one line; gives that. */
  private static String run(int status, Map<String, String> variables, String... command) {
    try (TaskportProcess process = TaskportProcess.start(folder, variables, command)) {
      assertEquals(status, process.awaitEnd(), process.output());
      assertEquals(1, process.output().lines().count(), process.output());
      return process.output();
    }
  }

  @Test
  void anOrderlyStopLeavesNoProcessAndSaysSo() {
    List<ProcessHandle> children;
    TaskportProcess service = TaskportProcess.running(folder, Map.of());
    try (service) {
      children = service.handle().descendants().toList();
    }
    assertTrue(service.output().contains("Stopped"), service.output());
    assertTrue(children.stream().noneMatch(ProcessHandle::isAlive));
  }

  @Test
  void aSecondServiceOnTheSameFolderSaysSoInOneLineAndEnds() {
    try (TaskportProcess first = TaskportProcess.running(folder, Map.of());
        TaskportProcess second = TaskportProcess.start(folder, Map.of())) {
      assertEquals(1, second.awaitEnd());
      assertEquals(1, second.output().lines().count(), second.output());
      assertEquals(200, first.send("GET", "/health", null).statusCode());
    }
  }

  private static HttpResponse<String> createWithKey(TaskportProcess service) {
    return service.send(
        "POST", "/api/user123/tasks", "{\"title\":\"Buy milk\"}", "Idempotency-Key", "milk-1");
  }

  private static void create(TaskportProcess service) {
    HttpResponse<String> answer =
        service.send("POST", "/api/user123/tasks", "{\"title\":\"Buy milk\"}");
    assertEquals(201, answer.statusCode(), answer.body());
    // What POST answers and what a later GET answers are the same to the digit.
    String location = answer.headers().firstValue("Location").orElseThrow();
    assertEquals(answer.body(), service.send("GET", location, null).body());
  }
}
