package dev.taskport.adapter.rest.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.taskport.adapter.rest.ProblemAssertions;
import dev.taskport.adapter.rest.TestService;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What a browser lets a page of another origin do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CorsTest {
  static {
    // Java's client keeps these for itself, unless told otherwise before its first use.
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host,connection,expect");
  }

  private static final String ORIGIN = "http://localhost:3000";

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

  private static String header(HttpResponse<?> answer, String name) {
    return String.join("|", answer.headers().allValues(name));
  }

  private static Set<String> list(HttpResponse<?> answer, String name) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (String line : answer.headers().allValues(name)) {
      Arrays.stream(line.split(",", -1)).map(String::strip).forEach(names::add);
    }
    return names;
  }

  private static void assertReadable(HttpResponse<String> answer) {
    assertEquals(ORIGIN, header(answer, "Access-Control-Allow-Origin"));
    assertEquals("true", header(answer, "Access-Control-Allow-Credentials"));
    assertTrue(list(answer, "Vary").contains("Origin"), header(answer, "Vary"));
    Set<String> exposed = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    exposed.addAll(
        List.of(
            "ETag",
            "Link",
            "Location",
            "Retry-After",
            "Idempotency-Replayed",
            "X-Total-Count",
            "Preference-Applied",
            "X-Request-ID",
            "RateLimit",
            "RateLimit-Policy",
            "WWW-Authenticate"));
    assertEquals(exposed, list(answer, "Access-Control-Expose-Headers"));
  }

  @Test
  void anAllowedOriginMayReadEveryAnswer() {
    assertReadable(service.get(task, "Origin", ORIGIN));
    assertReadable(service.get("/api/alice/tasks", "Origin", ORIGIN));
    assertReadable(service.get("/health", "Origin", ORIGIN));
    assertReadable(service.bare("HEAD", task, "Origin", ORIGIN));
    assertReadable(service.send("POST", "/api/a/tasks", "{\"title\":\"x\"}", "Origin", ORIGIN));
  }

  @ParameterizedTest
  @CsvSource({
    "304, GET, TASK, , If-None-Match, *",
    "400, POST, /api/alice/tasks, x, X, x",
    "400, GET, /api/%ff/tasks, , X, x",
    "404, GET, /nowhere, , X, x",
    "404, GET, /api/alice/tasks/01990000-0000-7000-8000-ffffffffffff, , X, x",
    "405, POST, /health, {}, X, x",
    "406, GET, TASK, , Accept, text/html",
    "412, PUT, TASK, {}, If-Match, x",
    "415, POST, /api/alice/tasks, x, Content-Type, text/plain",
    "415, POST, /api/alice/tasks, x, Content-Encoding, gzip",
    "422, POST, /api/alice/tasks, {}, X, x"
  })
  void anAllowedOriginMayReadEveryError(
      int status, String method, String path, String body, String name, String value) {
    HttpResponse<String> answer =
        service.send(method, path.replace("TASK", task), body, name, value, "Origin", ORIGIN);

    assertEquals(status, answer.statusCode(), answer.body());
    assertReadable(answer);
  }

  @Test
  void anAllowedOriginMayReadThatItSentTooMuch() {
    HttpResponse<String> answer =
        service.send(
            "POST", "/api/alice/tasks", "{\"title\":\"" + "x".repeat(140_000), "Origin", ORIGIN);

    assertEquals(413, answer.statusCode());
    assertReadable(answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:3001",
        "http://localhost",
        "https://localhost:3000",
        "http://LOCALHOST:3000",
        "http://localhost:3000.evil.example",
        "http://localhost:3000/",
        "null",
        "*",
        ""
      })
  void anotherOriginGetsNoCorsHeaders(String origin) {
    HttpResponse<String> answer = service.get(task, "Origin", origin);

    assertEquals(200, answer.statusCode());
    assertEquals("", header(answer, "Access-Control-Allow-Origin"));
    assertEquals("", header(answer, "Access-Control-Allow-Credentials"));
    assertTrue(list(answer, "Vary").contains("Origin"), header(answer, "Vary"));
  }

  @Test
  void anAnswerToNoOriginSaysThatItDependsOnIt() {
    HttpResponse<String> answer = service.get(task);

    assertEquals("", header(answer, "Access-Control-Allow-Origin"));
    assertTrue(list(answer, "Vary").contains("Origin"), header(answer, "Vary"));
  }

  private HttpResponse<String> preflight(
      String path, String origin, String method, String... headers) {
    String[] all = Arrays.copyOf(headers, headers.length + 4);
    all[headers.length] = "Origin";
    all[headers.length + 1] = origin;
    all[headers.length + 2] = "Access-Control-Request-Method";
    all[headers.length + 3] = method;
    return service.bare("OPTIONS", path, all);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /api/alice/tasks",
    "GET, /api/alice/tasks",
    "HEAD, /api/alice/tasks",
    "PUT, TASK",
    "PATCH, TASK",
    "DELETE, TASK",
    "PATCH, TASK/complete",
    "PATCH, TASK/complete/"
  })
  void aPreflightForARouteIsAllowed(String method, String path) {
    HttpResponse<String> answer =
        preflight(
            path.replace("TASK", task),
            ORIGIN,
            method,
            "Access-Control-Request-Headers",
            "authorization,content-type,if-match,if-none-match,idempotency-key,prefer,"
                + "x-request-id");

    assertEquals(200, answer.statusCode());
    assertReadable(answer);
    assertTrue(list(answer, "Access-Control-Allow-Methods").contains(method));
    assertEquals("600", header(answer, "Access-Control-Max-Age"));
    assertEquals(7, list(answer, "Access-Control-Allow-Headers").size());
  }

  @Test
  void aPreflightThatNamesNoHeaderIsAllowed() {
    HttpResponse<String> answer = preflight(task, ORIGIN, "DELETE");

    assertEquals(200, answer.statusCode(), answer.body());
    assertReadable(answer);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /nowhere, 'cache-control, x-user-id', 404",
    "PROPFIND, TASK, 'traceparent,sentry-trace', 405",
    "PUT, /api/alice/tasks, x-other, 405",
    "POST, /api/alice/tasks/, content-type, 400"
  })
  void aPreflightIsAnsweredWhateverItAsksForAndTheRequestIsRefusedInWords(
      String method, String path, String headers, int status) {
    String target = path.replace("TASK", task);

    HttpResponse<String> answer =
        preflight(target, ORIGIN, method, "Access-Control-Request-Headers", headers);

    assertEquals(200, answer.statusCode(), answer.body());
    assertReadable(answer);
    assertTrue(list(answer, "Access-Control-Allow-Methods").contains(method));
    assertEquals(headers, header(answer, "Access-Control-Allow-Headers"));
    HttpResponse<String> refused = service.bare(method, target, "Origin", ORIGIN);
    assertEquals(status, refused.statusCode(), refused.body());
    assertReadable(refused);
  }

  @Test
  void aPreflightOfAnotherOriginIsRefusedWithTheSettingThatWouldAllowIt() {
    HttpResponse<String> answer = preflight(task, "http://evil.example", "PUT");

    ProblemAssertions.assertProblem(
        403,
        "Forbidden",
        "Pages of http://evil.example may not call this service; its setting CORS_ORIGINS lists"
            + " those that may",
        answer);
    assertEquals("", header(answer, "Access-Control-Allow-Origin"));
    assertEquals("", header(answer, "Access-Control-Allow-Methods"));
  }

  @Test
  void optionsThatAreNoPreflightAreAMethodThatThePathDoesNotTake() {
    HttpResponse<String> answer = service.bare("OPTIONS", task, "Origin", ORIGIN);

    assertEquals(405, answer.statusCode(), answer.body());
    assertTrue(list(answer, "Allow").contains("GET"), header(answer, "Allow"));
    assertReadable(answer);
    assertEquals(405, service.bare("OPTIONS", task, "Origin", "http://evil.example").statusCode());
    assertEquals(404, service.bare("OPTIONS", "/nowhere", "Origin", ORIGIN).statusCode());
  }

  private List<String> warnings(Runnable requests) {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(RefusedOrigins.class);
    log.start();
    logger.addAppender(log);
    try {
      requests.run();
    } finally {
      logger.detachAppender(log);
    }
    return log.list.stream().map(event -> event.getLevel() + " " + event.getMessage()).toList();
  }

  @Test
  void theOperatorIsToldOnceOfEachOriginThatIsNotListed() {
    try (TestService fresh = new TestService()) {
      RefusedOrigins refused = fresh.bean(RefusedOrigins.class);
      List<String> none =
          warnings(
              () -> {
                fresh.get("/health", "Origin", ORIGIN);
                fresh.get("/health", "Origin", "http://" + fresh.uri("").getAuthority());
              });
      List<String> one =
          warnings(
              () -> {
                for (int i = 0; i < 3; i++) {
                  fresh.get("/health", "Origin", "http://other.example");
                }
              });
      List<String> many =
          warnings(
              () -> {
                for (int i = 0; i < 1000; i++) {
                  refused.note("http://" + i + ".example");
                }
              });

      assertEquals(List.of(), none);
      assertEquals(1, one.size(), one.toString());
      assertTrue(one.get(0).startsWith("WARN ") && one.get(0).contains("CORS_ORIGINS"));
      assertEquals(100, many.size()); // 99 more origins, and that no more are told
    }
  }

  @Test
  void anOriginIsShownWithoutWhatCouldForgeALine() {
    assertEquals("http://a?b?c", RefusedOrigins.printable("http://a\nb\u00e9c"));
    assertEquals(200, RefusedOrigins.printable("x".repeat(5000)).length());
  }
}
