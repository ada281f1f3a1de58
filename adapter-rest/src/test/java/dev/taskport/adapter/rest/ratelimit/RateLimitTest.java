package dev.taskport.adapter.rest.ratelimit;

import static dev.taskport.adapter.rest.ProblemAssertions.assertProblem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.OpenApiDocument;
import dev.taskport.adapter.rest.RawAnswer;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.token.TestTokens;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many requests for tasks a client may send, as it sees it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RateLimitTest {
  private static final String DETAIL =
      "You have sent too many requests in a short time; wait a moment, then try again";
  private static final String NO_TASK = "01990000-0000-7000-8000-ffffffffffff";

  private static final Map<String, Object> TEN_A_MINUTE =
      Map.of("taskport.rate-limit.requests", 10, "taskport.rate-limit.period", "60s");

  private final HandClock clock = new HandClock();
  private final InMemoryTaskRepository store = new InMemoryTaskRepository();
  private final TestService secured =
      new TestService(store, TEN_A_MINUTE, TestTokens.settings(), clock);

  @AfterAll
  void stop() {
    secured.close();
  }

  /** Everybody has the whole number again. */
  @BeforeEach
  void waitLong() {
    clock.move(Duration.ofHours(1));
  }

  private static String[] by(String user, String... more) {
    String[] headers = new String[more.length + 2];
    headers[0] = "Authorization";
    headers[1] = "Bearer " + TestTokens.of(user);
    System.arraycopy(more, 0, headers, 2, more.length);
    return headers;
  }

  private static String header(HttpResponse<?> answer, String name) {
    return String.join("|", answer.headers().allValues(name));
  }

  private void useUp(String user) {
    while (secured.get("/api/tasks/summary", by(user)).statusCode() != 429) {}
  }

  @Test
  void everyAnswerSaysWhatIsLeftAndTheOneBeyondIsRefused() {
    for (int left = 9; left >= 0; left--) {
      HttpResponse<String> answer = secured.get("/api/ann/tasks", by("ann"));
      assertEquals(200, answer.statusCode());
      assertEquals("\"default\";q=10;w=60", header(answer, "RateLimit-Policy"));
      assertEquals("\"default\";r=" + left + ";t=6", header(answer, "RateLimit"));
      assertEquals("", header(answer, "Retry-After"));
      assertFalse(header(answer, "X-Request-ID").isEmpty());
    }
    clock.move(Duration.ofMillis(1500));

    HttpResponse<String> refused = secured.get("/api/ann/tasks", by("ann"));

    assertProblem(429, "Too Many Requests", DETAIL, refused);
    assertEquals("\"default\";q=10;w=60", header(refused, "RateLimit-Policy"));
    assertEquals("\"default\";r=0;t=5", header(refused, "RateLimit"));
    assertEquals("5", header(refused, "Retry-After"));
    clock.move(Duration.ofSeconds(5));
    assertEquals(200, secured.get("/api/ann/tasks", by("ann")).statusCode());
  }

  @Test
  void oneUsersRequestsAreNotAnothers() {
    useUp("ann");

    assertEquals(200, secured.get("/api/tasks", by("bob")).statusCode());
    assertEquals(429, secured.get("/api/tasks", by("ann")).statusCode());
  }

  @Test
  void nobodyCanUseUpOrSeeTheRequestsOfAnother() {
    for (int i = 0; i < 15; i++) {
      for (HttpResponse<String> refused :
          List.of(
              secured.get("/api/ann/tasks"),
              secured.get("/api/ann/tasks", by("bob")),
              secured.get("/api/ann/tasks", "Authorization", "Bearer x.y.z"))) {
        assertTrue(List.of(401, 403).contains(refused.statusCode()), refused.toString());
        assertEquals("", header(refused, "RateLimit"));
      }
    }
    assertEquals(
        "\"default\";r=9;t=6", header(secured.get("/api/ann/tasks", by("ann")), "RateLimit"));
  }

  @Test
  void notModifiedReplayedAndFailedOnesCountToo() {
    String[] ann = by("ann", "Idempotency-Key", "key");
    String body = "{\"title\":\"a\"}";
    String list = header(secured.get("/api/ann/tasks", by("ann")), "ETag");

    HttpResponse<String> created = secured.send("POST", "/api/ann/tasks", body, ann);
    HttpResponse<String> replayed = secured.send("POST", "/api/ann/tasks", body, ann);
    String tag = header(created, "ETag");
    String task = header(created, "Location");
    List<HttpResponse<String>> answers =
        List.of(
            created,
            replayed,
            secured.get(task, by("ann", "If-None-Match", tag)),
            secured.bare("HEAD", task, by("ann")),
            secured.get("/api/ann/tasks/" + NO_TASK, by("ann")),
            secured.get("/api/ann/tasks?limit=x", by("ann")),
            secured.send("POST", "/api/ann/tasks", "{", by("ann")),
            secured.bare("DELETE", "/api/ann/tasks", by("ann")));

    assertEquals("true", header(replayed, "Idempotency-Replayed"));
    assertFalse(list.isEmpty());
    assertEquals(
        List.of(201, 201, 304, 200, 404, 422, 400, 405),
        answers.stream().map(HttpResponse::statusCode).toList());
    for (int i = 0; i < answers.size(); i++) {
      assertEquals("\"default\";r=" + (8 - i) + ";t=6", header(answers.get(i), "RateLimit"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/health", "/health/readiness", "/docs", "/openapi.json", "/none"})
  void healthAndTheDocumentationAreNotLimited(String path) {
    useUp("ann");
    for (int i = 0; i < 20; i++) {
      HttpResponse<String> answer = secured.get(path, by("ann"));
      assertEquals(path.equals("/none") ? 404 : 200, answer.statusCode());
      assertEquals("", header(answer, "RateLimit"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/api/ann/tasks/, 429",
    "/api/%61nn/tasks?x=/health, 429",
    "http://localhost/api/ann/tasks, 429",
    "/api/none/of/these, 429",
    "/%61pi/ann/tasks, 404",
    "//api/ann/tasks, 429",
    "///api/ann/tasks, 429",
    "/api, 429",
    "/apis/ann/tasks, 404",
    "/API/ann/tasks, 404",
    "/api;x/ann/tasks, 404",
    "/./api/ann/tasks, 404"
  })
  void noSpellingOfThePathGetsAroundIt(String target, int status) throws IOException {
    useUp("ann");

    RawAnswer answer =
        secured
            .raw(
                TestService.head(
                    "GET " + target + " HTTP/1.1",
                    "Host: localhost",
                    "Connection: close",
                    "Authorization: Bearer " + TestTokens.of("ann")))
            .get(0);

    assertEquals(status, answer.status(), answer.toString());
  }

  @Test
  void aRefusedRequestReachesNeitherTheStoreNorItsBody() throws IOException {
    useUp("cid");
    String head =
        TestService.head(
            "POST /api/cid/tasks HTTP/1.1",
            "Host: localhost",
            "Content-Type: application/json",
            "Content-Length: 100000",
            "Expect: 100-continue",
            "Authorization: Bearer " + TestTokens.of("cid"));

    String answer = secured.text(head);

    assertTrue(answer.startsWith("HTTP/1.1 429 "), answer);
    clock.move(Duration.ofHours(1));
    assertEquals("[]", secured.get("/api/cid/tasks", by("cid")).body());
  }

  @Test
  void pagesMayReadTheRefusalAndPreflightsAreNotCounted() {
    String origin = "http://localhost:3000";
    for (int i = 0; i < 30; i++) {
      HttpResponse<String> preflight =
          secured.bare(
              "OPTIONS",
              "/api/ann/tasks",
              "Origin",
              origin,
              "Access-Control-Request-Method",
              "POST");
      assertEquals(200, preflight.statusCode());
      assertEquals("", header(preflight, "RateLimit"));
    }
    assertEquals(
        "\"default\";r=9;t=6",
        header(secured.get("/api/ann/tasks", by("ann", "Origin", origin)), "RateLimit"));
    useUp("ann");

    HttpResponse<String> refused = secured.get("/api/ann/tasks", by("ann", "Origin", origin));

    assertEquals(429, refused.statusCode());
    assertEquals(origin, header(refused, "Access-Control-Allow-Origin"));
    List<String> exposed =
        List.of(header(refused, "Access-Control-Expose-Headers").split(", ", -1));
    assertTrue(
        exposed.containsAll(List.of("RateLimit", "RateLimit-Policy", "Retry-After")),
        exposed.toString());
  }

  @Test
  void withoutAuthenticationAnAddressIsTheClientAndAnIpv6NetworkIsOne() {
    Map<String, Object> behindProxy =
        Map.of(
            "taskport.rate-limit.requests",
            3,
            "taskport.rate-limit.period",
            "1h",
            "taskport.proxy.trusted",
            "127.0.0.1");
    try (TestService open = new TestService(store, behindProxy, clock)) {
      assertEquals(3, served(open, "192.0.2.1", "192.0.2.1"));
      assertEquals(3, served(open, "192.0.2.2", "192.0.2.2"));
      assertEquals(3, served(open, "2001:db8::1", "2001:db8::ffff:1"));
      assertEquals(3, served(open, "2001:db8:0:1::1", "2001:db8:0:1::2"));
      assertEquals(0, served(open, "2001:db8::2", "192.0.2.1"));
    }
  }

  /** How many of ten requests, from two addresses in turn and for ever new users, are answered. */
  private static int served(TestService open, String one, String other) {
    int served = 0;
    for (int i = 0; i < 10; i++) {
      int status =
          open.get(
                  "/api/" + UUID.randomUUID() + "/tasks",
                  "X-Forwarded-For",
                  i % 2 == 0 ? one : other)
              .statusCode();
      served += status == 200 ? 1 : 0;
    }
    return served;
  }

  @Test
  void withoutTheSettingThereIsNoLimitAndNoHeader() throws IOException {
    try (TestService free = new TestService();
        Socket socket = free.connect()) {
      socket
          .getOutputStream()
          .write(
              TestService.head("GET /api/ann/tasks HTTP/1.1", "Host: a", "Connection: close")
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
      assertFalse(answer.toLowerCase(Locale.ROOT).contains("\r\nratelimit"), answer);
    }
  }

  @Test
  void theDocumentNamesTheHeadersOfEveryAnswerWithTasks() {
    OpenApiDocument document = new OpenApiDocument(secured);
    document.operations().stream()
        .filter(operation -> operation.path().startsWith("/api/"))
        .forEach(
            operation ->
                OpenApiDocument.fields(operation.node().path("responses"))
                    .forEach(
                        (status, response) -> {
                          if (status.matches("2..|304|429")) {
                            assertTrue(
                                document.resolve(response).at("/headers/RateLimit").isObject(),
                                operation + " " + status);
                          }
                        }));
    assertTrue(document.root.at("/components/responses/TooManyRequests").isObject());
  }
}
