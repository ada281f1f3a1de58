package dev.taskport.adapter.rest.http;

import static dev.taskport.adapter.rest.ProblemAssertions.assertInvalidParameter;
import static dev.taskport.adapter.rest.ProblemAssertions.assertProblem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.RawAnswer;
import dev.taskport.adapter.rest.TestService;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Users' ids in paths, whatever they hold. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public class PathsTest {
  private final TestService service = new TestService();

  @AfterAll
  void stop() {
    service.close();
  }

  private static String encode(String user) {
    return URLEncoder.encode(user, StandardCharsets.UTF_8).replace("+", "%20");
  }

  public static Stream<String> users() {
    return Stream.of(
        "a b",
        " a",
        "a ",
        "a+b",
        "a%2Bb",
        "a%2Fb",
        "a/b",
        "/",
        "..",
        ".",
        "a;b=c",
        ";",
        "a?b#c",
        "a&b=c",
        "\"quoted\"",
        "it's",
        "{user_id}",
        "[x]",
        "<b>",
        "back\\slash",
        "Ünïcödé",
        "e\u0301",
        "\u202eevil",
        "😀👩‍👩‍👧",
        "用户",
        "auth0|5f7c8ec7c33c6c004bbafe82",
        "user@example.com",
        "%",
        "%41",
        "tasks",
        "api",
        "~!$'()*,:@^`|",
        "x".repeat(255),
        "😀".repeat(255));
  }

  @ParameterizedTest
  @MethodSource("users")
  void aUserIsWhoTheyAre(String user) {
    HttpResponse<String> created =
        service.send("POST", "/api/" + encode(user) + "/tasks", "{\"title\":\"a\"}");
    assertEquals(201, created.statusCode(), created.body());

    String location = created.headers().firstValue("Location").orElse("none");
    HttpResponse<String> read = service.get(location);
    assertEquals(200, read.statusCode(), location + read.body());
    assertEquals(created.body(), read.body());
    assertEquals("[" + read.body() + "]", service.get("/api/" + encode(user) + "/tasks").body());
  }

  @ParameterizedTest
  @CsvSource({
    "a+b, a%2Bb, true",
    "a%20b, a+b, false",
    "a%2Fb, a%252Fb, false",
    "a%3Bc, a;c, true",
    "B, b, false",
    "%C3%A9, e%CC%81, false",
    "%7Ex, ~x, true",
    "%61bc, abc, true",
    "%c3%a8, %C3%A8, true"
  })
  void twoSpellingsAreOneUserOrTwo(String one, String other, boolean same) {
    String prefix = "/api/" + UUID.randomUUID() + "-";
    service.send("POST", prefix + one + "/tasks", "{\"title\":\"a\"}");

    boolean seen = !service.get(prefix + other + "/tasks").body().equals("[]");

    assertEquals(same, seen);
  }

  @Test
  void aUserIdMayNotBeTooLong() {
    assertInvalidParameter(
        "user_id",
        "The user id has 256 characters; at most 255 are allowed",
        service.get("/api/" + encode("😀".repeat(256)) + "/tasks"));
  }

  @ParameterizedTest
  @CsvSource({
    "%20, The user id must not be blank",
    "%C2%A0%E3%80%80, The user id must not be blank",
    "%00, The user id must not hold the control character U+0000",
    "a%0Ab, The user id must not hold the control character U+000A",
    "a%7Fb, The user id must not hold the control character U+007F"
  })
  void aUserIdIsText(String user, String detail) {
    assertInvalidParameter("user_id", detail, service.get("/api/" + user + "/tasks"));
    assertInvalidParameter(
        "user_id", detail, service.send("POST", "/api/" + user + "/tasks", "{\"title\":\"a\"}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"%ff", "%C3", "%C0%80", "%ED%A0%80", "a%E9b", "%F4%90%80%80"})
  void aPathIsUtf8(String user) {
    assertProblem(
        400, "Bad Request", "The path is not valid UTF-8", service.get("/api/" + user + "/tasks"));
  }

  @Test
  void aPathMayBeUtf8WithoutEscapes() throws IOException {
    service.send("POST", "/api/caf%C3%A9/tasks", "{\"title\":\"a\"}");

    assertEquals(
        service.get("/api/caf%C3%A9/tasks").body(), raw("/api/caf\u00c3\u00a9/tasks").body());
    assertProblem(raw("/api/caf\u00e9/tasks"), 400, "Bad Request", "The path is not valid UTF-8");
  }

  @Test
  void whatBrowsersLeaveUnescapedIsRead() throws IOException {
    service.send("POST", "/api/auth0%7C1%5B%7B%7D%5D%5E%60/tasks", "{\"title\":\"a\"}");

    RawAnswer answer = raw("/api/auth0|1[{}]^`/tasks?x=100%&y=a|b{c}^`[d]\\&z=%4&v=\u00e4%");

    assertEquals(service.get("/api/auth0%7C1%5B%7B%7D%5D%5E%60/tasks").body(), answer.body());
    assertTrue(answer.body().contains("\"user_id\":\"auth0|1[{}]^`\""), answer.body());
  }

  private RawAnswer raw(String target) throws IOException {
    String request =
        TestService.head("GET " + target + " HTTP/1.1", "Host: a", "Connection: close");
    return service.raw(request).get(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api//tasks",
        "//api/alice/tasks",
        "/api/alice//tasks",
        "/api/alice/tasks//",
        "/api/../api/alice/tasks",
        "/./api/alice/tasks",
        "/api/alice/tasks/%2e%2e",
        "/api/alice%2Ftasks",
        "/api/alice/tasks%2F"
      })
  void pathsAreNotRepaired(String path) throws IOException {
    RawAnswer answer = raw(path);

    // The last one is in the place of a task's id.
    assertEquals(path.endsWith("/%2e%2e") ? 422 : 404, answer.status(), path + answer);
    assertEquals("application/problem+json", answer.header("Content-Type"));
  }
}
