package dev.taskport.adapter.rest.token;

import static dev.taskport.adapter.rest.ProblemAssertions.assertProblem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;

import dev.taskport.adapter.rest.RawAnswer;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.WatchedStore;
import dev.taskport.adapter.rest.http.PathsTest;
import dev.taskport.adapter.rest.task.UserTasks;
import dev.taskport.testkit.InMemoryTaskRepository;
import io.micronaut.core.convert.ArgumentConversionContext;
import io.micronaut.core.convert.ConversionContext;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.filters.SecurityFilter;
import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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

  private final WatchedStore untouched = mock(WatchedStore.class);
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
  @CsvSource({
    "404, /./api/alice/tasks",
    "404, /x/../api/alice/tasks",
    "404, /health/../api/alice/tasks",
    "404, /docs/..%2Fapi/alice/tasks",
    "404, /docs/assets/..%2F..%2Fapi%2Falice%2Ftasks",
    "400, \\api\\alice\\tasks",
    "404, /\\api/alice/tasks",
    "404, /%2Fapi/alice/tasks",
    "401, http://a/api/alice/tasks",
    "401, http://a//api/alice/tasks",
    "404, //a/api/alice/tasks",
    "404, /apis/alice/tasks",
    "404, *"
  })
  void noSpellingReachesTasksWithoutAToken(int status, String target) throws IOException {
    RawAnswer answer = raw(service, target, "X: y");

    assertEquals(status, answer.status(), answer.toString());
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
    UserTasksBinder binder = service.bean(UserTasksBinder.class);
    ArgumentConversionContext<UserTasks> context = ConversionContext.of(UserTasks.class);
    HttpRequest<?> request = HttpRequest.GET("/api/tasks");

    assertThrows(IllegalStateException.class, () -> binder.bind(context, request));

    request.setAttribute(SecurityFilter.AUTHENTICATION, Authentication.build("alice"));
    assertTrue(binder.bind(context, request).isPresentAndSatisfied());
  }

  @Test
  void aServiceThatWasToldNothingAboutTokensOpensNoTasks() {
    WatchedStore store = mock(WatchedStore.class);
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

  @Test
  void withoutAUserInThePathTheTokenSaysWhoseTasksAreMeant() {
    try (TestService own =
        new TestService(new InMemoryTaskRepository(), Map.of(), TestTokens.settings())) {
      String[] alice = {"Authorization", bearer("alice")};
      HttpResponse<String> created = own.send("POST", "/api/tasks", "{\"title\":\"a\"}", alice);
      assertEquals(201, created.statusCode(), created.body());
      String task = created.headers().firstValue("Location").orElseThrow();
      assertEquals("/api/tasks/" + TASK, task);
      assertTrue(created.body().contains("\"user_id\":\"alice\""), created.body());

      assertEquals(200, own.get(task, alice).statusCode());
      assertEquals(200, own.get("/api/tasks/", alice).statusCode());
      assertEquals(200, own.bare("HEAD", task, alice).statusCode());
      assertEquals(200, own.send("PUT", task, "{\"title\":\"b\"}", alice).statusCode());
      assertEquals(200, own.send("PATCH", task, "{\"title\":\"c\"}", alice).statusCode());
      assertEquals(200, own.bare("PATCH", task + "/complete", alice).statusCode());
      assertEquals(
          "{\"total\":1,\"completed\":1,\"pending\":0}",
          own.get("/api/tasks/summary", alice).body());
      assertEquals(own.get("/api/alice/tasks", alice).body(), own.get("/api/tasks", alice).body());

      own.send("POST", "/api/alice/tasks", "{\"title\":\"d\"}", alice);
      String link = own.get("/api/tasks?limit=1", alice).headers().firstValue("Link").orElseThrow();
      assertTrue(link.matches("</api/tasks\\?limit=1>.*</api/tasks\\?limit=1&cursor=.*"), link);
      String next = link.replaceAll(".*<([^>]*)>; rel=\"next\"", "$1");
      assertTrue(own.get(next, alice).body().contains(TASK));

      String[] bob = {"Authorization", bearer("bob")};
      assertEquals("[]", own.get("/api/tasks", bob).body());
      for (String method : new String[] {"GET", "DELETE"}) {
        assertEquals(404, own.bare(method, task, bob).statusCode(), method);
        assertEquals(401, own.bare(method, task).statusCode(), method);
      }
      assertEquals(405, own.bare("PUT", "/api/tasks", bob).statusCode());
      assertEquals(401, own.bare("PUT", "/api/tasks").statusCode());
      assertEquals(422, own.get("/api/tasks/not-a-uuid", bob).statusCode());
      assertEquals(404, own.get("/api/tasks/" + TASK + "/nowhere", bob).statusCode());
      assertEquals(200, own.bare("DELETE", task, alice).statusCode());
    }
  }

  @Test
  void aUserWhoIsCalledTasksKeepsTheirPath() {
    try (TestService own =
        new TestService(new InMemoryTaskRepository(), Map.of(), TestTokens.settings())) {
      String[] tasks = {"Authorization", bearer("tasks")};
      HttpResponse<String> created =
          own.send("POST", "/api/tasks/tasks", "{\"title\":\"a\"}", tasks);
      assertEquals(201, created.statusCode(), created.body());
      String task = created.headers().firstValue("Location").orElseThrow();
      assertEquals("/api/tasks/tasks/" + TASK, task);

      assertEquals(200, own.get(task, tasks).statusCode());
      assertEquals(200, own.bare("PATCH", task + "/complete", tasks).statusCode());
      assertTrue(own.get("/api/tasks/tasks/summary", tasks).body().contains("\"total\":1"));
      for (String path : new String[] {"/api/tasks/tasks", task, "/api/tasks/tasks/summary"}) {
        assertForbidden(own.get(path, "Authorization", bearer("bob")));
      }
    }
  }

  @Test
  void withoutAuthenticationThePathMustNameTheUser() {
    try (TestService open = new TestService()) {
      for (String path : new String[] {"/api/tasks", "/api/tasks/summary", "/api/tasks/" + TASK}) {
        assertProblem(
            401,
            "Unauthorized",
            "Without authentication nobody knows whose tasks these are: set BETTER_AUTH_SECRET,"
                + " JWT_SECRET, JWKS_URL or BETTER_AUTH_URL for the service, or name the user, as"
                + " in /api/user123/tasks",
            open.get(path));
      }
      assertEquals(401, open.send("POST", "/api/tasks", "{\"title\":\"a\"}").statusCode());
      assertEquals(401, open.bare("DELETE", "/api/tasks/" + TASK).statusCode());
    }
  }

  private static final String COOKIE = "session.token";

  private static TestService withCookie() {
    TokenSettings settings =
        new TokenSettings(TestTokens.SECRET, null, "sub", null, null, Duration.ZERO, COOKIE);
    return new TestService(new InMemoryTaskRepository(), Map.of(), settings);
  }

  @ParameterizedTest
  @CsvSource({
    "201, Origin, http://localhost:3000",
    "201, Sec-Fetch-Site, same-origin",
    "403, Origin, http://evil.example",
    "403, Origin, null",
    "403, Sec-Fetch-Site, same-site",
    "403, Sec-Fetch-Site, cross-site",
    "403, Sec-Fetch-Site, none",
    "403, X-Requested-With, XMLHttpRequest"
  })
  void aChangeByCookieMustComeFromAPageThatMayCall(int status, String name, String value) {
    String cookie = "a=b; " + COOKIE + "=" + TestTokens.of("alice") + "; c=d";
    try (TestService own = withCookie()) {
      for (String path : new String[] {"/api/tasks", "/api/alice/tasks"}) {
        HttpResponse<String> answer =
            own.send("POST", path, "{\"title\":\"a\"}", "Cookie", cookie, name, value);
        assertEquals(status, answer.statusCode(), answer.body());
        assertEquals(200, own.get(path, "Cookie", cookie, name, value).statusCode());
      }
    }
  }

  @Test
  void aCookieCountsOnlyWhereItIsTheOneThatIsSetAndThereIsNoHeader() {
    String alice = COOKIE + "=" + TestTokens.of("alice");
    try (TestService own = withCookie()) {
      String path = "/api/alice/tasks";
      assertEquals(200, own.get(path, "Cookie", alice).statusCode());
      assertForbidden(own.get(path, "Cookie", alice, "Authorization", bearer("bob")));
      assertEquals(401, own.get(path, "Cookie", alice, "Authorization", "Basic YTpi").statusCode());
      assertEquals(401, own.get(path, "Cookie", "x" + alice).statusCode());
      assertEquals(401, own.get(path, "Cookie", alice + "; " + alice).statusCode());
      assertEquals(401, own.get(path, "Cookie", COOKIE + "=x").statusCode());
      String bob = COOKIE + "=" + TestTokens.of("bob");
      assertForbidden(own.get(path, "Cookie", bob));
      // Whoever can set the header is no foreign page's form.
      HttpResponse<String> byHeader =
          own.send(
              "POST", path, "{\"title\":\"a\"}", "Cookie", bob, "Authorization", bearer("alice"));
      assertEquals(201, byHeader.statusCode(), byHeader.body());
    }
    assertEquals(401, service.get("/api/alice/tasks", "Cookie", alice).statusCode());
  }
}
