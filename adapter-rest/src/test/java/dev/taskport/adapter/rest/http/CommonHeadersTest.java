package dev.taskport.adapter.rest.http;

import static dev.taskport.adapter.rest.TestService.head;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.RawAnswer;
import dev.taskport.adapter.rest.TestService;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every answer tells browsers and caches, whoever in the service wrote it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommonHeadersTest {
  static {
    // Java's client keeps these for itself, unless told otherwise before its first use.
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host,connection,expect");
  }

  private static final String API_POLICY = "default-src 'none'; frame-ancestors 'none'";

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

  private static void assertProtected(HttpResponse<?> answer) {
    Instant date = RFC_1123_DATE_TIME.parse(header(answer, "Date"), Instant::from);
    Duration old = Duration.between(date, Instant.now());
    assertTrue(!old.isNegative() && old.toSeconds() < 60, "Date: " + date);
    assertEquals("nosniff", header(answer, "X-Content-Type-Options"));
    assertEquals("no-referrer", header(answer, "Referrer-Policy"));
    assertTrue(
        header(answer, "Content-Security-Policy").endsWith("frame-ancestors 'none'"),
        header(answer, "Content-Security-Policy"));
    assertNotEquals("", header(answer, "Cache-Control"));
    // Over plain HTTP browsers would ignore it.
    assertEquals("", header(answer, "Strict-Transport-Security"));
  }

  @ParameterizedTest
  @CsvSource({
    "200, GET, TASK, , X, x",
    "200, HEAD, TASK, , X, x",
    "200, GET, /api/alice/tasks, , X, x",
    "200, PUT, TASK, {}, X, x",
    "304, GET, TASK, , If-None-Match, *",
    "201, POST, /api/alice/tasks, {\"title\":\"a\"}, X, x",
    "400, POST, /api/alice/tasks, x, X, x",
    "400, GET, /api/%ff/tasks, , X, x",
    "404, GET, /api/nowhere, , X, x",
    "404, GET, /api/alice/tasks/01990000-0000-7000-8000-ffffffffffff, , X, x",
    "404, HEAD, /api/alice/tasks/01990000-0000-7000-8000-ffffffffffff, , X, x",
    "405, POST, TASK, {}, X, x",
    "406, GET, TASK, , Accept, text/html",
    "412, PUT, TASK, {}, If-Match, x",
    "415, POST, /api/alice/tasks, x, Content-Type, text/plain",
    "422, POST, /api/alice/tasks, {}, X, x",
    "404, GET, /nowhere, , X, x",
    "200, GET, /, , X, x",
    "200, GET, /health, , X, x"
  })
  void answersAreNoPagesAndAreKeptByNobodyElse(
      int status, String method, String path, String body, String name, String value) {
    HttpResponse<String> answer =
        service.send(method, path.replace("TASK", task), body, name, value);

    assertEquals(status, answer.statusCode(), answer.body());
    assertProtected(answer);
    assertEquals(API_POLICY, header(answer, "Content-Security-Policy"));
    assertEquals("private, no-cache", header(answer, "Cache-Control"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/docs",
        "/redoc",
        "/openapi.json",
        "/docs/assets/icon.svg",
        "/docs/assets/redoc.js",
        "/docs/assets/swagger-ui/SWAGGER/swagger-ui-bundle.js",
        "/docs/assets/none.js"
      })
  void theDocumentationIsProtectedToo(String path) {
    String version = service.get("/docs").body().replaceAll("(?s).*swagger-ui/([0-9.]+)/.*", "$1");
    String file = path.replace("SWAGGER", version);
    HttpResponse<String> answer = service.get(file);

    assertEquals(path.endsWith("none.js") ? 404 : 200, answer.statusCode());
    assertProtected(answer);
    String tag = header(answer, "ETag");
    if (!tag.isEmpty()) {
      HttpResponse<String> again = service.get(file, "If-None-Match", tag);
      assertEquals(304, again.statusCode());
      assertProtected(again);
      assertEquals(header(answer, "Cache-Control"), header(again, "Cache-Control"));
    }
  }

  @Test
  void preflightsAreProtectedWhetherAllowedOrNot() {
    for (String origin : List.of("http://localhost:3000", "http://evil.example")) {
      HttpResponse<String> answer =
          service.bare("OPTIONS", task, "Origin", origin, "Access-Control-Request-Method", "PUT");

      assertEquals(origin.contains("evil") ? 403 : 200, answer.statusCode());
      assertProtected(answer);
      assertEquals(API_POLICY, header(answer, "Content-Security-Policy"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "404, GET /a^b HTTP/1.1",
    "400, GET http://[ HTTP/1.1",
    "400, GET / HTTP/9.9",
    "400, nonsense",
    "414, GET /LONG HTTP/1.1",
  })
  void whatCanNotEvenBeReadIsAnsweredWithProtection(int status, String line) throws IOException {
    RawAnswer answer =
        service
            .raw(head(line.replace("LONG", "x".repeat(9_000)), "Host: a", "Connection: close"))
            .get(0);

    assertEquals(status, answer.status(), answer.body());
    assertProtected(answer);
  }

  @Test
  void headersAndBodiesThatAreTooLargeAreAnsweredWithProtection() throws IOException {
    RawAnswer headers =
        service.raw(head("GET / HTTP/1.1", "Host: a", "X: " + "x".repeat(40_000))).get(0);
    assertEquals(431, headers.status());
    assertProtected(headers);

    HttpResponse<String> body =
        service.send("POST", "/api/alice/tasks", "{\"title\":\"" + "x".repeat(140_000));
    assertEquals(413, body.statusCode());
    assertProtected(body);
  }

  private static void assertProtected(RawAnswer answer) {
    assertEquals("nosniff", answer.header("X-Content-Type-Options"));
    assertEquals("no-referrer", answer.header("Referrer-Policy"));
    assertEquals(API_POLICY, answer.header("Content-Security-Policy"));
    assertEquals("private, no-cache", answer.header("Cache-Control"));
    assertNull(answer.header("Strict-Transport-Security"));
  }
}
