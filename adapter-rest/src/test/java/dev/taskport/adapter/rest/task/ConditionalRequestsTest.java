package dev.taskport.adapter.rest.task;

import static dev.taskport.adapter.rest.ProblemAssertions.assertInvalidParameter;
import static dev.taskport.adapter.rest.ProblemAssertions.assertProblem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.TestService;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entity tags, and what a request makes of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConditionalRequestsTest {
  private static final String CHANGED = "The task has changed since; read it again, then decide";
  private static final String MANGLED =
      "A tag in If-Match was weakened or given a suffix on its way, so it matches nothing;"
          + " send the ETag as the service made it";
  private static final String FOREIGN =
      "If-Match holds something that is no ETag of this service;"
          + " send the ETag as it came, quotes included";

  private final TestService service = new TestService();
  private String path = "";
  private String tag = "";

  @BeforeEach
  void aNewTask() {
    path = service.create("alice", "a");
    tag = tag(service.get(path));
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private static String tag(HttpResponse<?> answer) {
    return answer.headers().firstValue("ETag").orElse("none");
  }

  private static String newPath() {
    return "/api/alice/tasks/" + UUID.randomUUID();
  }

  @Test
  void theTagIsOnEveryAnswerOfOneTaskAndNamesItsState() {
    assertTrue(tag.matches("\"[0-9a-z]+-1\""), tag);
    String second = tag(service.send("PUT", path, "{}"));
    String third = tag(service.send("PATCH", path, "{\"title\":\"b\"}"));
    String fourth = tag(service.bare("PATCH", path + "/complete"));

    assertEquals(tag.replace("-1\"", "-2\""), second);
    assertEquals(tag.replace("-1\"", "-3\""), third);
    assertEquals(tag.replace("-1\"", "-4\""), fourth);
    assertEquals(fourth, tag(service.get(path)));
    assertTrue(tag(service.get("/api/alice/tasks")).startsWith("W/"));
  }

  @Test
  void aTaskCreatedAgainRepeatsNoTag() {
    service.bare("DELETE", path);
    service.tick();

    HttpResponse<String> again =
        service.send("PUT", path, "{\"title\":\"a\"}", "If-None-Match", "*");

    assertEquals(201, again.statusCode());
    assertNotEquals(tag, tag(again));
    assertEquals(412, service.send("PUT", path, "{}", "If-Match", tag).statusCode());
  }

  @Test
  void aReadWithTheCurrentTagIsNotModified() {
    for (String value : new String[] {tag, "W/" + tag, "\"x\", " + tag, "\"x,y\"," + tag, "*"}) {
      HttpResponse<String> answer = service.get(path, "If-None-Match", value);

      assertEquals(304, answer.statusCode(), value);
      assertEquals("", answer.body());
      assertEquals(tag, tag(answer));
      assertTrue(answer.headers().firstValue("Content-Type").isEmpty());
    }
    assertEquals(
        304, service.get(path, "If-None-Match", "\"x\"", "If-None-Match", tag).statusCode());
    assertEquals(304, service.bare("HEAD", path, "If-None-Match", tag).statusCode());
  }

  @Test
  void aReadWithAnotherTagIsAnsweredInFull() {
    for (String value :
        new String[] {
          "\"x\"", tag.replace("-1\"", "-2\""), tag.replace("\"", ""), "\"", "", "w/" + tag, "\"*\""
        }) {
      HttpResponse<String> answer = service.get(path, "If-None-Match", value);

      assertEquals(200, answer.statusCode(), value);
      assertEquals(service.get(path).body(), answer.body());
    }
  }

  @Test
  void aWriteWithTheCurrentTagIsCarriedOut() {
    assertEquals(200, service.send("PUT", path, "{}", "If-Match", tag).statusCode());
    tag = tag(service.get(path));
    assertEquals(200, service.send("PATCH", path, "{}", "If-Match", "\"x\", " + tag).statusCode());
    tag = tag(service.get(path));
    assertEquals(
        200,
        service
            .bare("PATCH", path + "/complete", "If-Match", "\"x\"", "If-Match", tag)
            .statusCode());
    assertEquals(200, service.send("PUT", path, "{}", "If-Match", "*").statusCode());
    tag = tag(service.get(path));
    assertEquals(200, service.bare("DELETE", path, "If-Match", tag).statusCode());
  }

  @Test
  void aWriteWithAnOldTagIsRefusedAndToldTheCurrentOne() {
    String current = tag(service.send("PUT", path, "{}"));
    String body = service.get(path).body();

    for (HttpResponse<String> answer :
        List.of(
            service.send("PUT", path, "{}", "If-Match", tag),
            service.send("PATCH", path, "{}", "If-Match", tag),
            service.bare("PATCH", path + "/complete", "If-Match", tag),
            service.send("PATCH", path + "/complete", "{\"completed\":true}", "If-Match", tag),
            service.bare("DELETE", path, "If-Match", tag))) {
      assertProblem(412, "Precondition Failed", CHANGED, answer);
      assertEquals(current, tag(answer));
    }
    assertEquals(body, service.get(path).body());
  }

  @Test
  void aTagHasOneSpelling() {
    for (String value : new String[] {tag.replaceFirst("\"", "\"0"), tag.replace("-1", "-01")}) {
      assertEquals(412, service.send("PUT", path, "{}", "If-Match", value).statusCode(), value);
      assertEquals(200, service.get(path, "If-None-Match", value).statusCode(), value);
    }
  }

  @Test
  void aTagThatWasMangledOnItsWayIsExplained() {
    for (String value :
        new String[] {
          "W/" + tag,
          tag.replaceFirst("\"$", "-gzip\""),
          tag.replaceFirst("\"$", "-br\""),
          "\"x\", W/" + tag
        }) {
      HttpResponse<String> answer = service.send("PUT", path, "{}", "If-Match", value);

      assertProblem(412, "Precondition Failed", MANGLED, answer);
      assertEquals(tag, tag(answer));
    }
  }

  @Test
  void whatIsNoTagMatchesNothing() {
    for (String value :
        new String[] {
          tag.replace("\"", ""),
          "\"" + tag.replace("\"", ""),
          "\"x\"",
          "\"\"",
          "",
          ",",
          "**",
          "*, *",
          "\"*\"",
          tag.toUpperCase(Locale.ROOT).replace("\"", "\"Z"),
          "\"zzzzzzzzzzzzz-1\"",
          "\"1-999999999999999999\", \"1-9999999999999999999\""
        }) {
      assertProblem(
          412,
          "Precondition Failed",
          FOREIGN,
          service.send("PUT", path, "{\"title\":\"b\"}", "If-Match", value));
    }
    assertEquals(tag, tag(service.get(path)));
  }

  @Test
  void aConditionOnAMissingTaskIsNotFound() {
    String missing = newPath();

    assertEquals(404, service.send("PUT", missing, "{}", "If-Match", tag).statusCode());
    assertEquals(404, service.send("PUT", missing, "{}", "If-Match", "*").statusCode());
    assertEquals(404, service.bare("DELETE", missing, "If-Match", tag).statusCode());
    assertEquals(404, service.get(missing, "If-None-Match", "*").statusCode());
  }

  @Test
  void putCreatesUnderTheClientsIdWhenNothingMayBeThere() {
    String there = newPath();
    String body = "{\"title\":\"mine\",\"description\":\"d\",\"completed\":true,\"id\":7}";

    HttpResponse<String> created = service.send("PUT", there, body, "If-None-Match", "*");

    assertEquals(201, created.statusCode());
    assertEquals(there, created.headers().firstValue("Location").orElse("none"));
    assertTrue(
        created.body().contains("\"title\":\"mine\",\"description\":\"d\",\"completed\":false"));
    assertEquals(created.body(), service.get(there).body());
    assertEquals(tag(created), tag(service.get(there)));

    String changed = tag(service.send("PUT", there, "{\"title\":\"changed\"}"));
    HttpResponse<String> again = service.send("PUT", there, body, "If-None-Match", "*");
    assertProblem(412, "Precondition Failed", "A task with this id exists already", again);
    assertEquals(changed, tag(again));
  }

  @Test
  void putWithoutThatHeaderCreatesNothing() {
    String missing = newPath();

    assertProblem(
        404, "Not Found", "Task not found", service.send("PUT", missing, "{\"title\":\"a\"}"));
    assertEquals(404, service.get(missing).statusCode());
  }

  @Test
  void putThatCreatesNeedsATitle() {
    assertEquals(422, service.send("PUT", newPath(), "{}", "If-None-Match", "*").statusCode());
  }

  @Test
  void anotherUsersIdIsFreeToUse() {
    String theirs = path.replace("alice", "bob");

    assertEquals(
        201, service.send("PUT", theirs, "{\"title\":\"b\"}", "If-None-Match", "*").statusCode());
    assertEquals(tag, tag(service.get(path)));
  }

  @Test
  void aConditionThatAWriteCannotGoByIsInvalid() {
    String put = "For PUT, If-None-Match may only be * and without If-Match";
    String other = "If-None-Match is for GET and PUT; send If-Match";

    assertInvalidParameter(
        "If-None-Match", put, service.send("PUT", path, "{}", "If-None-Match", tag));
    assertInvalidParameter(
        "If-None-Match", put, service.send("PUT", path, "{}", "If-None-Match", "\"x\", *"));
    assertInvalidParameter(
        "If-None-Match",
        put,
        service.send("PUT", path, "{}", "If-None-Match", "*", "If-Match", tag));
    assertInvalidParameter(
        "If-None-Match", other, service.send("PATCH", path, "{}", "If-None-Match", "*"));
    assertInvalidParameter(
        "If-None-Match", other, service.bare("PATCH", path + "/complete", "If-None-Match", tag));
    assertInvalidParameter(
        "If-None-Match", other, service.bare("DELETE", path, "If-None-Match", "*"));
    assertEquals(tag, tag(service.get(path)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "PATCH", "DELETE", "PATCH /complete"})
  void aStrictServiceWantsTheStateThatAWriteStartsFrom(String write) {
    try (TestService strict =
        new TestService(
            new InMemoryTaskRepository(), Map.of("taskport.writes.require-if-match", true))) {
      String task = strict.create("alice", "a");
      String current = tag(strict.get(task));
      String method = write.replace(" /complete", "");
      String target = write.endsWith("/complete") ? task + "/complete" : task;
      String body = write.equals("DELETE") ? null : "{}";

      assertProblem(
          428,
          "Precondition Required",
          "Send If-Match with the ETag of the task that you mean to change",
          strict.send(method, target, body));
      assertEquals(current, tag(strict.get(task)));
      assertEquals(412, strict.send(method, target, body, "If-Match", "\"x\"").statusCode());
      assertEquals(200, strict.send(method, target, body, "If-Match", current).statusCode());
      assertEquals(
          201,
          strict.send("PUT", newPath(), "{\"title\":\"a\"}", "If-None-Match", "*").statusCode());
    }
  }
}
