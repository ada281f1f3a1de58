package dev.taskport.adapter.rest.task;

import static dev.taskport.adapter.rest.ProblemAssertions.assertProblem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.TestService;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code PATCH …/complete}: a toggle, unless the body says what to set. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompleteRouteTest {
  private final TestService service = new TestService();
  private String path = "";

  @BeforeEach
  void aNewTask() {
    path = service.create("alice", "a") + "/complete";
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private static void assertCompleted(boolean completed, HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains("\"completed\":" + completed), answer.body());
  }

  @Test
  void withoutABodyItFlips() {
    HttpResponse<String> first = service.bare("PATCH", path);
    assertCompleted(true, first);
    assertTrue(first.headers().firstValue("ETag").orElse("").endsWith("-2\""));
    assertCompleted(false, service.bare("PATCH", path));
    assertCompleted(true, service.bare("PATCH", path, "Content-Type", "application/json"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{}",
        " { } ",
        "{\"id\":7,\"done\":false,\"x\":{\"completed\":false}}"
      })
  void aBodyThatDoesNotSayCompletedFlips(String body) {
    assertCompleted(true, service.send("PATCH", path, body));
    assertCompleted(false, service.send("PATCH", path, body));
    assertCompleted(
        true, service.send("PATCH", path, body, "Content-Type", "application/merge-patch+json"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/x-www-form-urlencoded", "text/plain;charset=UTF-8", "a"})
  void theTypeOfNoBodyDoesNotMatter(String type) {
    assertCompleted(true, service.bare("PATCH", path, "Content-Type", type));
    assertCompleted(false, service.send("PATCH", path, "", "Content-Type", type));
  }

  @Test
  void anEmptyBodyOfUnknownLengthFlips() {
    assertCompleted(true, service.send(chunked("").build()));
    assertCompleted(
        false, service.send(chunked("").header("Content-Type", "application/json").build()));
  }

  private HttpRequest.Builder chunked(String body) {
    return HttpRequest.newBuilder(service.uri(path))
        .method("PATCH", HttpRequest.BodyPublishers.ofInputStream(() -> stream(body)));
  }

  private static InputStream stream(String body) {
    return new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"completed\":true}", "{\"completed\":true,\"title\":7,\"x\":null}"})
  void aBodyThatSaysCompletedSetsIt(String body) {
    HttpResponse<String> first = service.send("PATCH", path, body);
    service.tick();
    HttpResponse<String> second = service.send("PATCH", path, body);

    assertCompleted(true, first);
    assertEquals(first.body(), second.body());
    assertEquals(first.headers().firstValue("ETag"), second.headers().firstValue("ETag"));
    assertCompleted(false, service.send("PATCH", path, "{\"completed\":false}"));
  }

  @Test
  void whatIsNoJsonIsMalformed() {
    assertEquals(400, service.send("PATCH", path, "yes").statusCode());
    assertEquals(400, service.send("PATCH", path, " ").statusCode());
    assertCompleted(false, service.send("PATCH", path, "{\"completed\":false}"));
  }

  @Test
  void aTaskThatIsNotThereIsNotFound() {
    String missing = "/api/alice/tasks/01990000-0000-7000-8000-ffffffffffff/complete";

    assertProblem(404, "Not Found", "Task not found", service.bare("PATCH", missing));
    assertProblem(
        404, "Not Found", "Task not found", service.send("PATCH", missing, "{\"completed\":true}"));
  }
}
