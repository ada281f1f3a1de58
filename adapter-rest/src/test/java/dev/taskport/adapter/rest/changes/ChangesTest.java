package dev.taskport.adapter.rest.changes;

import static dev.taskport.adapter.rest.ProblemAssertions.assertInvalidParameter;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskport.adapter.rest.OpenApiDocument;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.SyncPoint;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client that keeps a copy, and asks what changed. */
class ChangesTest {
  private static final String CHANGES = "/api/alice/tasks/changes";
  private static final String DAMAGED =
      "since is damaged, or of another user; send a token as it came, or start again without";

  private final TestService service = new TestService();

  @AfterEach
  void stop() {
    service.close();
  }

  private static JsonNode json(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    return OpenApiDocument.parse(answer.body());
  }

  private JsonNode since(String token) {
    return json(service.get(CHANGES + "?since=" + token));
  }

  private String next() {
    return json(service.get(CHANGES)).path("next").asText();
  }

  @Test
  void theBeginningIsEverythingThatThereIs() {
    String first = service.get(service.create("alice", "a")).body();
    String second = service.get(service.create("alice", "b")).body();
    service.bare("DELETE", service.create("alice", "c"));

    HttpResponse<String> answer = service.get(CHANGES);

    String next = json(answer).path("next").asText();
    assertEquals(
        "{\"changes\":[%s,%s],\"next\":\"%s\",\"more\":false}".formatted(first, second, next),
        answer.body());
    assertTrue(next.matches("[A-Za-z0-9_-]+"), next);
  }

  @Test
  void whatChangedIsToldOnceAsItIsNow() {
    String changed = service.create("alice", "a");
    String deleted = service.create("alice", "b");
    String next = next();
    service.send("PATCH", changed, "{\"title\":\"x\"}");
    service.send("PATCH", changed, "{\"title\":\"y\"}");
    service.bare("DELETE", deleted);
    String added = service.create("alice", "c");

    JsonNode changes = since(next);

    assertEquals(3, changes.path("changes").size(), changes.toString());
    assertEquals(service.get(changed).body(), changes.at("/changes/0").toString());
    JsonNode deletion = changes.at("/changes/1");
    assertEquals(deleted.substring(deleted.length() - 36), deletion.path("id").asText());
    assertTrue(
        deletion.toString().matches("\\{\"id\":\"[^\"]*\",\"deleted_at\":\"[^\"]*\\.\\d{6}Z\"}"),
        deletion.toString());
    assertEquals(service.get(added).body(), changes.at("/changes/2").toString());
    assertFalse(changes.path("more").asBoolean());
  }

  @Test
  void aRestoredTaskIsToldAsATask() {
    String path = service.create("alice", "a");
    service.bare("DELETE", path);
    String next = next();

    service.bare("POST", path + "/restore");

    assertEquals("[" + service.get(path).body() + "]", since(next).path("changes").toString());
  }

  @Test
  void withoutNewsTheTokenStaysTheSame() {
    service.create("alice", "a");
    String next = next();

    String nothing = "{\"changes\":[],\"next\":\"" + next + "\",\"more\":false}";
    assertEquals(nothing, service.get(CHANGES + "?since=" + next).body());
    service.create("bob", "b");
    assertEquals(nothing, service.get(CHANGES + "?since=" + next).body());
  }

  @Test
  void aUserWithoutTasksCanBeginToo() {
    String next = next();
    service.create("alice", "a");

    assertEquals(1, since(next).path("changes").size());
  }

  @Test
  void pagesHoldNoMoreThanTheirLimit() {
    for (int i = 0; i < 101; i++) {
      service.create("alice", "Task " + i);
    }
    JsonNode page = json(service.get(CHANGES));
    assertEquals(100, page.path("changes").size());
    assertTrue(page.path("more").asBoolean());
    JsonNode rest = since(page.path("next").asText());
    assertEquals(1, rest.path("changes").size());
    assertEquals(101, json(service.get(CHANGES + "?limit=1000")).path("changes").size());
    for (String limit : List.of("0", "1001", "x")) {
      assertInvalidParameter(
          "limit",
          "limit must be a whole number from 1 to 1000",
          service.get(CHANGES + "?limit=" + limit));
    }
  }

  @Test
  void aTokenOfAnotherUserOrADamagedOneIsRefused() {
    service.create("alice", "a");
    String next = next();
    byte[] bytes = Base64.getUrlDecoder().decode(next);

    assertInvalidParameter("since", DAMAGED, service.get("/api/bob/tasks/changes?since=" + next));
    for (int i = 0; i < bytes.length; i++) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= 1;
      String token = Base64.getUrlEncoder().withoutPadding().encodeToString(damaged);
      assertInvalidParameter("since", DAMAGED, service.get(CHANGES + "?since=" + token));
    }
    for (String token : List.of("x", next + "A", next.substring(4), "%FF", next + "%3D")) {
      assertEquals(422, service.get(CHANGES + "?since=" + token).statusCode(), token);
    }
  }

  @Test
  void aTokenStandsForItsPoint() {
    UserId alice = UserId.parse("alice");
    TaskId id = new TaskId(UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"));
    for (SyncPoint point :
        List.of(
            new SyncPoint(Instant.EPOCH, -1, null, 0),
            new SyncPoint(Instant.EPOCH, 0, id, 5),
            new SyncPoint(Instant.parse("2026-11-21T09:47:36.273281Z"), 7, null, 7),
            new SyncPoint(Instant.parse("2026-11-21T09:47:36.273281Z"), 7, null, 9),
            new SyncPoint(Instant.EPOCH, Long.MAX_VALUE, null, Long.MAX_VALUE))) {
      assertEquals(point, SyncToken.parse(SyncToken.of(point, alice), alice));
    }
  }

  @Test
  void aLogThatCantBeReadOnIsToBeStartedOver() {
    service.create("alice", "a");
    String next = next();
    try (TestService restored = new TestService()) {
      restored.create("alice", "another");

      HttpResponse<String> answer = restored.get(CHANGES + "?since=" + next);

      assertStartOver(answer);
    }
  }

  private static void assertStartOver(HttpResponse<String> answer) {
    assertEquals(410, answer.statusCode(), answer.body());
    JsonNode problem = OpenApiDocument.parse(answer.body());
    assertEquals("urn:taskport:problem:start-over", problem.path("type").asText());
    assertEquals(
        "The changes since then are no longer known; drop your copy, and start over without since",
        problem.path("detail").asText());
    assertEquals(
        "application/problem+json", answer.headers().firstValue("Content-Type").orElse(""));
  }

  @Test
  void aTokenThatIsOlderThanTheForgottenDeletionsIsToBeStartedOver() {
    Instant[] now = {Instant.parse("2026-11-21T09:00:00Z")};
    Clock clock =
        new Clock() {
          @Override
          public ZoneOffset getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            return now[0];
          }
        };
    InMemoryTaskRepository store =
        new InMemoryTaskRepository(
            Duration.ofDays(1), Duration.ofDays(30), Duration.ofDays(30), clock);
    try (TestService forgetful = new TestService(store, Map.of())) {
      String path = forgetful.create("alice", "a");
      String old = json(forgetful.get(CHANGES)).path("next").asText();
      forgetful.bare("DELETE", path);
      String newer = json(forgetful.get(CHANGES)).path("next").asText();
      now[0] = now[0].plus(Duration.ofDays(29));
      assertEquals(200, forgetful.get(CHANGES + "?since=" + old).statusCode());
      now[0] = now[0].plus(Duration.ofDays(2));

      assertStartOver(forgetful.get(CHANGES + "?since=" + old));
      assertEquals(200, forgetful.get(CHANGES + "?since=" + newer).statusCode());
    }
  }

  @Test
  void aFollowerEndsWithExactlyTheTasks() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> paths = new ArrayList<>();
    Map<String, String> copy = new TreeMap<>();
    String token = "";
    for (int i = 0; i < 300; i++) {
      String path = paths.isEmpty() ? "" : paths.get(random.nextInt(paths.size()));
      switch (paths.isEmpty() ? 0 : random.nextInt(6)) {
        case 0 -> paths.add(service.create("alice", "Task " + i));
        case 1 -> service.send("PATCH", path, "{\"title\":\"Changed " + i + "\"}");
        case 2 -> service.bare("DELETE", path);
        case 3 -> service.bare("POST", path + "/restore");
        case 4 -> service.bare("DELETE", path + "?permanently=true");
        default -> token = follow(token, 1 + random.nextInt(3), copy, 1);
      }
    }
    follow(token, 2, copy, Integer.MAX_VALUE);

    Map<String, String> tasks = new TreeMap<>();
    json(service.get("/api/alice/tasks"))
        .forEach(task -> tasks.put(task.path("id").asText(), task.toString()));
    assertEquals(tasks, copy, "Seed " + seed);
  }

  private String follow(String since, int limit, Map<String, String> copy, int pages) {
    String token = since;
    for (int i = 0; i < pages; i++) {
      JsonNode page = json(service.get(CHANGES + "?limit=" + limit + "&since=" + token));
      for (JsonNode change : page.path("changes")) {
        String id = change.path("id").asText();
        if (change.has("deleted_at")) {
          copy.remove(id);
        } else {
          copy.put(id, change.toString());
        }
      }
      token = page.path("next").asText();
      if (!page.path("more").asBoolean()) {
        break;
      }
    }
    return token;
  }
}
