package dev.taskport.adapter.rest.token;

import static dev.taskport.adapter.rest.ProblemAssertions.assertProblem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;

import dev.taskport.adapter.rest.RawAnswer;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.http.PathsTest;
import dev.taskport.domain.TaskRepository;
import dev.taskport.testkit.InMemoryTaskRepository;
import io.micronaut.http.HttpStatus;
import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose token opens which path. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnTasksTest {
  private static final String TASK = "01990000-0000-7000-8000-000000000001";

  private final TaskRepository untouched = mock(TaskRepository.class);
  private final TestService service = new TestService(untouched, Map.of(), TestTokens.settings());

  @AfterAll
  void stop() {
    service.close();
  }

  private static String bearer(String user) {
    return "Bearer " + TestTokens.of(user);
  }

  private static void assertForbidden(HttpResponse<String> answer) {
    assertProblem(403, "Forbidden", "You can only use your own tasks", answer);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/alice/tasks",
    "HEAD, /api/alice/tasks",
    "POST, /api/alice/tasks",
    "GET, /api/alice/tasks/" + TASK,
    "HEAD, /api/alice/tasks/" + TASK,
    "PUT, /api/alice/tasks/" + TASK,
    "PATCH, /api/alice/tasks/" + TASK,
    "DELETE, /api/alice/tasks/" + TASK,
    "PATCH, /api/alice/tasks/" + TASK + "/complete",
    "GET, /api/alice/tasks/",
    "GET, /api/alice/tasks/not-a-uuid",
    "DELETE, /api/alice/tasks",
    "POST, /api/alice/tasks/" + TASK,
    "TRACE, /api/alice/tasks",
    "OPTIONS, /api/alice/tasks",
    "PROPFIND, /api/alice/tasks"
  })
  void thePathOfAnotherUserIsForbiddenWhateverTheMethod(String method, String path) {
    for (String body : new @Nullable String[] {null, "{\"title\":\"a\"}", "{broken"}) {
      HttpResponse<String> answer =
          service.send(method, path, body, "Authorization", bearer("bob"));
      assertEquals(HttpStatus.FORBIDDEN.getCode(), answer.statusCode(), answer.body());
      if (!method.equals("HEAD")) {
        assertForbidden(answer);
      }
      assertEquals(401, service.send(method, path, body).statusCode());
    }
    verifyNoInteractions(untouched);
  }

  @Test
  void aForeignMediaTypeIsNoWayRound() {
    assertForbidden(
        service.send(
            "POST",
            "/api/alice/tasks",
            "<a/>",
            "Content-Type",
            "text/xml",
            "Authorization",
            bearer("bob")));
    assertForbidden(
        service.send(
            "POST",
            "/api/alice/tasks",
            "{}",
            "Content-Encoding",
            "gzip",
            "Authorization",
            bearer("bob")));
    assertForbidden(
        service.get("/api/alice/tasks", "Accept", "text/csv", "Authorization", bearer("bob")));
    verifyNoInteractions(untouched);
  }

  @ParameterizedTest
  @CsvSource({"bob, 403", "'', 401"})
  void theAnswerDoesNotWaitForTheBody(String user, int status) throws IOException {
    String head =
        TestService.head(
            "POST /api/alice/tasks HTTP/1.1",
            "Host: a",
            "Authorization: " + (user.isEmpty() ? "" : bearer(user)),
            "Content-Type: application/json",
            "Content-Length: 100000");
    try (Socket socket = service.connect()) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      byte[] start = socket.getInputStream().readNBytes(12);
      assertEquals("HTTP/1.1 " + status, new String(start, StandardCharsets.ISO_8859_1));
    }
    verifyNoInteractions(untouched);
  }

  static Stream<String> users() {
    return PathsTest.users();
  }

  @ParameterizedTest
  @MethodSource("users")
  void everyUserReachesTheirOwnTasksWhateverTheirIdHolds(String user) {
    String path =
        "/api/" + URLEncoder.encode(user, StandardCharsets.UTF_8).replace("+", "%20") + "/tasks";
    try (TestService own =
        new TestService(new InMemoryTaskRepository(), Map.of(), TestTokens.settings())) {
      HttpResponse<String> created =
          own.send("POST", path, "{\"title\":\"a\"}", "Authorization", bearer(user));
      assertEquals(201, created.statusCode(), created.body());
      String location = created.headers().firstValue("Location").orElse("none");
      assertEquals(
          created.body(), own.get(location, "Authorization", bearer(user)).body(), location);
      assertForbidden(own.get(location, "Authorization", bearer("x")));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a%2Fb, a/b, 200",
    "a%2Fb, a%2Fb, 403",
    "a%252Fb, a%2Fb, 200",
    "a%252Fb, a/b, 403",
    "a+b, a+b, 200",
    "a+b, 'a b', 403",
    "a%20b, 'a b', 200",
    "a%20b, a+b, 403",
    "a%2Bb, a+b, 200",
    "Alice, alice, 403",
    "ALICE, alice, 403",
    "%61lice, alice, 200",
    "%41lice, alice, 403",
    "alice%20, alice, 403",
    "%20alice, alice, 403",
    "alice%C2%A0, alice, 403",
    "alice%00, alice, 403",
    "alice%00bob, bob, 403",
    "alice;bob, alice, 403",
    "alice;a=b, alice, 403",
    "alice%3Bbob, alice;bob, 200",
    "e%CC%81, é, 403",
    "%C3%A9, é, 200",
    "%C3%83%C2%A9, é, 403",
    "%EF%BD%81lice, alice, 403",
    "..%2Fbob, bob, 403",
    "bob%2F..%2Falice, alice, 403",
    "%2e%2e, .., 200",
    "*, alice, 403",
    "%25, %, 200",
    "%, %, 400",
    "{user_id}, alice, 403",
    "me, alice, 403"
  })
  void thePathIsDecodedOnce(String segment, String user, int status) throws IOException {
    try (TestService own =
        new TestService(new InMemoryTaskRepository(), Map.of(), TestTokens.settings())) {
      RawAnswer answer = raw(own, "/api/" + segment + "/tasks", "Authorization: " + bearer(user));

      assertEquals(status, answer.status(), answer.body());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api",
        "/api/",
        "/api/x",
        "/api/alice",
        "/api/alice/tasks/x/y/z",
        "/api/alice/task",
        "/api//tasks",
        "/api/alice//tasks",
        "/api;x/alice/tasks",
        "/api%2Falice/tasks",
        "/API/alice/tasks",
        "/Api/alice/tasks",
        "/%61pi/alice/tasks",
        "/a%70i/alice/tasks",
        "//api/alice/tasks",
        "///api/alice/tasks",
        "/api/alice%2Ftasks",
        "/api/alice/tasks;x",
        "/api/alice/TASKS",
        "/api?x",
        "/api/alice/tasks//"
      })
  void whatIsNoPathUnderTheApiNeedsATokenToo(String path) throws IOException {
    RawAnswer answer = raw(service, path, "X: y");

    assertEquals(401, answer.status(), answer.body());
    RawAnswer own = raw(service, path, "Authorization: " + bearer("alice"));
    assertProblem(own, 404, "Not Found", "Not Found");
    verifyNoInteractions(untouched);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/./api/alice/tasks",
        "/x/../api/alice/tasks",
        "/health/../api/alice/tasks",
        "/docs/..%2Fapi/alice/tasks",
        "/docs/assets/..%2F..%2Fapi%2Falice%2Ftasks",
        "\\api\\alice\\tasks",
        "/\\api/alice/tasks",
        "/%2Fapi/alice/tasks",
        "http://a/api/alice/tasks",
        "http://a//api/alice/tasks",
        "//a/api/alice/tasks",
        "/apis/alice/tasks",
        "*"
      })
  void noSpellingReachesTasksWithoutAToken(String target) throws IOException {
    RawAnswer answer = raw(service, target, "X: y");

    assertTrue(List.of(400, 401, 404).contains(answer.status()), answer.toString());
    verifyNoInteractions(untouched);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/health",
        "/docs",
        "/docs/",
        "/redoc",
        "/openapi.json",
        "/docs/assets/icon.svg",
        "/docs/assets/swagger-ui.js"
      })
  void whatIsEverybodysNeedsNoTokenAndMindsNone(String path) {
    for (String[] headers :
        new String[][] {
          {}, {"Authorization", "Bearer x"}, {"Authorization", "x", "Authorization", "y"}
        }) {
      assertEquals(200, service.get(path, headers).statusCode(), path);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/favicon.ico", "/docs/assets/x", "/apidocs", "/x"})
  void whatIsNowhereIsNotFound(String path) {
    assertProblem(404, "Not Found", "Not Found", service.get(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/login", "/logout", "/oauth/access_token", "/keys", "/token_info", "/beans"})
  void theFrameworkAddsNoRoutes(String path) {
    for (String method : new String[] {"GET", "POST"}) {
      assertEquals(
          404, service.bare(method, path, "Authorization", "Basic YWxpY2U6c2VjcmV0").statusCode());
    }
  }

  @Test
  void aHandlerGetsNoUserIdThatNobodyHasChecked() {
    TaskRepository store = mock(TaskRepository.class);
    try (TestService withoutFilter =
        new TestService(
            store, Map.of("micronaut.security.filter.enabled", false), TestTokens.settings())) {
      assertProblem(
          500,
          "Internal Server Error",
          "Internal server error",
          withoutFilter.get("/api/alice/tasks", "Authorization", bearer("alice")));
      verifyNoInteractions(store);
    }
  }

  @Test
  void aServiceThatWasToldNothingAboutTokensOpensNoTasks() {
    TaskRepository store = mock(TaskRepository.class);
    try (TestService untold = new TestService(store, Map.of("micronaut.security.enabled", true))) {
      assertEquals(401, untold.get("/api/alice/tasks").statusCode());
      assertEquals(
          401, untold.get("/api/alice/tasks", "Authorization", bearer("alice")).statusCode());
      assertEquals(200, untold.get("/health").statusCode());
      verifyNoInteractions(store);
    }
  }

  private static RawAnswer raw(TestService to, String target, String header) throws IOException {
    return to.raw(
            TestService.head("GET " + target + " HTTP/1.1", "Host: a", header, "Connection: close"))
        .get(0);
  }
}
