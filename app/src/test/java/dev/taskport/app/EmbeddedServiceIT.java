package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as a newcomer starts it: on the database that it brings along. */
class EmbeddedServiceIT {
  /** The same for all tests: making a database takes longer than finding one. */
  @TempDir private static Path folder;

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
