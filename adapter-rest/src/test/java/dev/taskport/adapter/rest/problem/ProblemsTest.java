package dev.taskport.adapter.rest.problem;

import static dev.taskport.adapter.rest.ProblemAssertions.assertInvalidParameter;
import static dev.taskport.adapter.rest.ProblemAssertions.assertProblem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.TestService;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every refusal of a request that can be read, to the byte. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProblemsTest {
  private static final String MISSING = "/api/alice/tasks/01990000-0000-7000-8000-ffffffffffff";

  private final TestService service = new TestService();
  private String task = "";

  @BeforeAll
  void aTask() {
    task = service.create("alice", "a");
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void aTaskThatIsNotThereIsNotFound() {
    for (HttpResponse<String> answer :
        List.of(
            service.get(MISSING),
            service.send("PUT", MISSING, "{}"),
            service.send("PATCH", MISSING, "{}"),
            service.bare("DELETE", MISSING))) {
      assertProblem(404, "Not Found", "Task not found", answer);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nowhere",
        "/api",
        "/api/",
        "/api/alice",
        "/api/alice/task",
        "/api/alice/tasks/x/y",
        "/api/alice/tasks/x/complete/y",
        "/api/alice/x/tasks",
        "/API/alice/tasks",
        "/health/db",
        "/metrics",
        "/env",
        "/beans",
        "/../etc/passwd",
        "/%3Cscript%3Ealert(1)%3C/script%3E"
      })
  void aPathThatIsNotThereIsNotFound(String path) {
    assertProblem(404, "Not Found", "Not Found", service.get(path));
    assertProblem(404, "Not Found", "Not Found", service.send("POST", path, "{}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "x",
        "1-1-1-1-1",
        "0199000000007000800000000000000a",
        "{01990000-0000-7000-8000-00000000000a}",
        "01990000-0000-7000-8000-00000000000g",
        "01990000-0000-7000-8000-00000000000a%20",
        "01990000-0000-7000-8000-00000000000%C3%A4",
        "%00"
      })
  void aTaskIdIsAUuid(String id) {
    String path = "/api/alice/tasks/" + id.replace("{", "%7B").replace("}", "%7D");
    String detail = "A task id is a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057";

    assertInvalidParameter("task_id", detail, service.get(path));
    assertInvalidParameter("task_id", detail, service.send("PUT", path, "{}"));
    assertInvalidParameter("task_id", detail, service.send("PATCH", path, "{}"));
    assertInvalidParameter("task_id", detail, service.bare("PATCH", path + "/complete"));
    assertInvalidParameter("task_id", detail, service.bare("DELETE", path));
  }

  @ParameterizedTest
  @CsvSource({
    "/health, POST, 'GET,HEAD'",
    "/, DELETE, 'GET,HEAD'",
    "/api/alice/tasks, PUT, 'GET,HEAD,POST'",
    "/api/alice/tasks, DELETE, 'GET,HEAD,POST'",
    "TASK, POST, 'DELETE,GET,HEAD,PATCH,PUT'",
    "TASK, OPTIONS, 'DELETE,GET,HEAD,PATCH,PUT'",
    "TASK/complete, GET, PATCH",
    "TASK/complete, HEAD, PATCH",
    "TASK/complete, POST, PATCH",
    "TASK/complete, DELETE, PATCH",
    "TASK, TRACE, 'DELETE,GET,HEAD,PATCH,PUT'",
    "TASK, BREW, 'DELETE,GET,HEAD,PATCH,PUT'",
    "/health/, POST, 'GET,HEAD'"
  })
  void aMethodThatAPathDoesNotTakeIsToldTheOnesItDoes(String path, String method, String allowed) {
    HttpResponse<String> answer = service.bare(method, path.replace("TASK", task));

    assertEquals(405, answer.statusCode(), answer.body());
    if (!method.equals("HEAD")) {
      assertProblem(
          405,
          "Method Not Allowed",
          "This path doesn't take the method; the Allow header lists those it does",
          answer);
    }
    Set<String> allow = new TreeSet<>();
    for (String line : answer.headers().allValues("Allow")) {
      Arrays.stream(line.split(",", -1)).map(String::strip).forEach(allow::add);
    }
    assertEquals(allowed, String.join(",", allow));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "application/xml", "image/*"})
  void anAnswerThatTheClientDoesNotAcceptIsNotGiven(String accept) {
    assertProblem(
        406,
        "Not Acceptable",
        "This path answers in none of the accepted media types",
        service.get(task, "Accept", accept));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*/*",
        "application/*",
        "application/json",
        "application/json; charset=utf-8",
        "text/html, application/json;q=0.1",
        "application/json, text/plain, */*",
        "APPLICATION/JSON"
      })
  void whatBrowsersAndLibrariesAcceptIsJson(String accept) {
    HttpResponse<String> answer = service.get(task, "Accept", accept);

    assertEquals(200, answer.statusCode());
    assertEquals("application/json", answer.headers().firstValue("Content-Type").orElse(""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "text/plain;charset=UTF-8",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "text/json",
        "application/jsonx",
        "nonsense",
        "application/problem+json"
      })
  void aBodyOfAnotherTypeIsNotRead(String type) {
    String title = "Unsupported Media Type";
    String detail = "Send the body as application/json";

    assertProblem(
        415,
        title,
        detail,
        service.send("POST", "/api/alice/tasks", "{\"title\":\"a\"}", "Content-Type", type));
    assertProblem(415, title, detail, service.send("PUT", task, "{}", "Content-Type", type));
    assertProblem(415, title, detail, service.send("PATCH", task, "{}", "Content-Type", type));
    assertProblem(
        415, title, detail, service.send("PATCH", task + "/complete", "{}", "Content-Type", type));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/json; charset=utf-8", "Application/JSON", "application/json;x=y"})
  void jsonMayBeNamedInOtherWays(String type) {
    assertEquals(
        201,
        service
            .send("POST", "/api/alice/tasks", "{\"title\":\"a\"}", "Content-Type", type)
            .statusCode());
    assertEquals(200, service.send("PUT", task, "{}", "Content-Type", type).statusCode());
  }

  @Test
  void mergePatchIsForPatchAlone() {
    String type = "application/merge-patch+json";

    assertEquals(200, service.send("PATCH", task, "{}", "Content-Type", type).statusCode());
    assertEquals(415, service.send("PUT", task, "{}", "Content-Type", type).statusCode());
    assertEquals(
        415, service.send("POST", "/api/a/tasks", "{}", "Content-Type", type).statusCode());
  }

  @Test
  void requestsWithoutABodyMayNameAnyType() {
    assertEquals(200, service.get(task, "Content-Type", "text/plain").statusCode());
    String other = service.create("alice", "b");
    assertEquals(200, service.bare("DELETE", other, "Content-Type", "text/plain").statusCode());
  }

  @Test
  void aCompressedBodyIsNotRead() {
    HttpResponse<String> answer =
        service.send("POST", "/api/alice/tasks", "{\"title\":\"a\"}", "Content-Encoding", "gzip");

    assertProblem(
        415, "Unsupported Media Type", "Send the body without a content encoding", answer);
    assertEquals("identity", answer.headers().firstValue("Accept-Encoding").orElse(""));
  }

  @Test
  void aBodyThatIsTooLargeIsNotRead() {
    String body = "{\"title\":\"a\",\"x\":\"" + "x".repeat(128 * 1024) + "\"}";

    assertProblem(
        413,
        "Content Too Large",
        "The body is too large",
        service.send("POST", "/api/alice/tasks", body));
    assertEquals(413, service.send("PATCH", task + "/complete", body).statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"one", "A.b-c_9", "00000000000000000000000000000000"})
  void theClientsNameForItsRequestIsRepeated(String id) {
    HttpResponse<String> answer = service.get(MISSING, "X-Request-ID", id);

    assertEquals(List.of(id), answer.headers().allValues("X-Request-ID"));
    assertProblem(404, "Not Found", "Task not found", answer);
    assertEquals(
        List.of(id), service.get(task, "X-Request-ID", id).headers().allValues("X-Request-ID"));
    assertEquals(
        List.of(id), service.get("/x", "X-Request-ID", id).headers().allValues("X-Request-ID"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\"b", "a;b", "<x>", "${jndi:ldap://x}", "a\tb"})
  void aNameThatCouldForgeSomethingIsReplaced(String id) {
    String given =
        service.get(MISSING, "X-Request-ID", id).headers().firstValue("X-Request-ID").orElse("");

    assertTrue(given.matches("[0-9a-f-]{36}"), given);
  }

  @Test
  void everyRequestHasItsOwnName() {
    String longest = "x".repeat(128);
    assertEquals(
        longest,
        service.get(task, "X-Request-ID", longest).headers().firstValue("X-Request-ID").orElse(""));
    String tooLong =
        service
            .get(task, "X-Request-ID", longest + "x")
            .headers()
            .firstValue("X-Request-ID")
            .orElse("");
    assertTrue(tooLong.matches("[0-9a-f-]{36}"), tooLong);
    assertNotEquals(tooLong, service.get(task).headers().firstValue("X-Request-ID").orElse("none"));
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, application/json",
    "'application/json, text/plain', application/json",
    "'text/plain;q=0.5, Application/JSON; q=0.9', application/json",
    "'application/json, text/plain, */*', application/problem+json",
    "'application/json, application/problem+json', application/problem+json",
    "application/*, application/problem+json",
    "*/*, application/problem+json",
    "text/html, application/problem+json"
  })
  void whoAsksForJsonAloneGetsTheProblemAsJson(String accept, String type) {
    HttpResponse<String> answer = service.get("/nowhere", "Accept", accept);

    assertEquals(404, answer.statusCode());
    assertEquals(type, answer.headers().firstValue("Content-Type").orElse("none"));
    assertTrue(answer.body().contains("\"detail\":\"Not Found\""), answer.body());
    assertTrue(answer.headers().firstValue("Vary").orElse("").contains("Accept,"));
  }

  @Test
  void aSettingSendsAllProblemsAsJson() {
    try (TestService plain =
        new TestService(
            new InMemoryTaskRepository(),
            Map.of("taskport.problems.media-type", "application/json"))) {
      assertEquals(
          "application/json",
          plain.get("/nowhere").headers().firstValue("Content-Type").orElse("none"));
    }
  }
}
