package dev.taskport.adapter.rest.proxy;

import static dev.taskport.adapter.rest.TestService.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.FrontProxy;
import dev.taskport.adapter.rest.OpenApiDocument;
import dev.taskport.adapter.rest.RawAnswer;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.token.TestTokens;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The service below a path of a host that it shares with others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BasePathTest {
  private static final Pattern FILE = Pattern.compile("(?:src|href|data-document)=\"([^\"]+)\"");
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>; rel=\"next\"");

  private final TestService open =
      new TestService(
          new InMemoryTaskRepository(),
          Map.of("taskport.proxy.base-path", "/apps/todo", "taskport.proxy.trusted", "127.0.0.1"));

  private final TestService secured =
      new TestService(
          new InMemoryTaskRepository(),
          Map.of("taskport.proxy.base-path", "/todo"),
          TestTokens.settings());

  @AfterAll
  void stop() {
    open.close();
    secured.close();
  }

  private HttpResponse<String> get(URI uri) {
    return open.send(HttpRequest.newBuilder(uri).build());
  }

  private HttpResponse<String> create(URI list) {
    return open.send(
        HttpRequest.newBuilder(list)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"title\":\"a\"}"))
            .build());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTaskIsFoundWhereItsLocationSays(boolean strips) {
    try (FrontProxy proxy = new FrontProxy(open.uri("/"), "/apps/todo", strips)) {
      URI list = proxy.uri("/apps/todo/api/ann%20b/tasks");

      HttpResponse<String> created = create(list);

      assertEquals(201, created.statusCode(), created.body());
      String location = created.headers().firstValue("Location").orElseThrow();
      assertTrue(location.startsWith("/apps/todo/api/ann%20b/tasks/"), location);
      assertEquals(created.body(), get(list.resolve(location)).body());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true, /tasks?limit=2",
    "false, /tasks?limit=2",
    "true, /tasks/deleted?limit=2",
    "false, /tasks/deleted?limit=2"
  })
  void theLinksOfAPageLeadToTheNext(boolean strips, String list) {
    try (FrontProxy proxy = new FrontProxy(open.uri("/"), "/apps/todo", strips)) {
      String user = "/apps/todo/api/" + strips + list.length();
      for (int i = 0; i < 5; i++) {
        URI task =
            proxy
                .uri("/")
                .resolve(
                    create(proxy.uri(user + "/tasks"))
                        .headers()
                        .firstValue("Location")
                        .orElseThrow());
        if (list.contains("deleted")) {
          assertEquals(200, open.send(HttpRequest.newBuilder(task).DELETE().build()).statusCode());
        }
      }
      int tasks = 0;
      int pages = 0;
      for (URI page = proxy.uri(user + list); page != null; pages++) {
        HttpResponse<String> answer = get(page);
        assertEquals(200, answer.statusCode(), page + answer.body());
        tasks += OpenApiDocument.parse(answer.body()).size();
        Matcher next = NEXT.matcher(answer.headers().firstValue("Link").orElseThrow());
        page = next.find() ? page.resolve(next.group(1)) : null;
      }
      assertEquals(5, tasks);
      assertEquals(3, pages);
    }
  }

  @ParameterizedTest
  @CsvSource({"true, /docs", "true, /docs/", "true, /redoc", "false, /docs", "false, /redoc/"})
  void thePagesOfTheDocumentationFindTheirFiles(boolean strips, String path) {
    try (FrontProxy proxy = new FrontProxy(open.uri("/"), "/apps/todo", strips)) {
      URI page = proxy.uri("/apps/todo" + path);
      List<String> files =
          FILE.matcher(get(page).body()).results().map(match -> match.group(1)).toList();

      assertTrue(files.size() >= 4, files.toString());
      for (String file : files) {
        URI uri = page.resolve(file);
        assertTrue(uri.getPath().startsWith("/apps/todo/"), uri.toString());
        assertEquals(200, get(uri).statusCode(), uri.toString());
      }
    }
  }

  @Test
  void allRoutesAreThereWithTheBasePathAndWithout() {
    for (String path : List.of("/", "/health", "/health/readiness", "/docs", "/openapi.json")) {
      assertEquals(200, open.get(path).statusCode(), path);
      assertEquals(200, open.get("/apps/todo" + path).statusCode(), path);
    }
    assertEquals(open.get("/").body(), open.get("/apps/todo").body());
    assertEquals(open.get("/").body(), open.get("/apps/todo?x=1").body());
    assertEquals(404, open.get("/apps").statusCode());
    assertEquals(404, open.get("/apps/todo/nowhere").statusCode());
  }

  @ParameterizedTest
  @CsvSource({"/openapi.json", "/apps/todo/openapi.json", "/apps/todo/openapi.json/"})
  void theDocumentNamesTheBasePath(String path) {
    assertEquals("/apps/todo", server(open.get(path)));
  }

  private static String server(HttpResponse<String> document) {
    return OpenApiDocument.parse(document.body()).at("/servers/0/url").asText();
  }

  @Test
  void aTrustedProxyMaySayAnotherPrefix() {
    for (int i = 0; i < 20; i++) {
      String prefix = "/" + i;
      assertEquals(prefix, server(open.get("/openapi.json", "X-Forwarded-Prefix", prefix + "/")));
    }
    HttpResponse<String> created =
        open.send(
            "POST",
            "/api/ann/tasks",
            "{\"title\":\"a\"}",
            "X-Forwarded-Prefix",
            "/made-up,/tasks/v1");
    assertTrue(
        created.headers().firstValue("Location").orElse("").startsWith("/tasks/v1/api/ann/tasks/"));
    assertEquals("/", server(open.get("/openapi.json", "X-Forwarded-Prefix", "/")));
  }

  /** Otherwise a proxy's own rules about paths could be got around by naming the prefix twice. */
  @Test
  void aProxyThatSaysItsPrefixHasTakenItAway() {
    assertEquals(200, open.get("/docs", "X-Forwarded-Prefix", "/apps/todo").statusCode());
    assertEquals(404, open.get("/apps/todo/docs", "X-Forwarded-Prefix", "/apps/todo").statusCode());
    assertEquals(200, open.get("/apps/todo/docs", "X-Forwarded-Prefix", "//").statusCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "todo",
        "//evil.example",
        "/a//b",
        "/../a",
        "/a/./b",
        "/a?b",
        "/a#b",
        "/<script>",
        "/a%2Fb",
        "https://evil.example/",
        "/a\\b",
        "/a b"
      })
  void aPrefixThatIsNoneIsIgnored(String prefix) {
    assertEquals("/apps/todo", server(open.get("/openapi.json", "X-Forwarded-Prefix", prefix)));
  }

  @Test
  void aPrefixIsIgnoredThatAnybodyElseSays() {
    HttpResponse<String> created =
        secured.send(
            "POST",
            "/api/ann/tasks",
            "{\"title\":\"a\"}",
            "Authorization",
            "Bearer " + TestTokens.of("ann"),
            "X-Forwarded-Prefix",
            "/evil",
            "taskport-prefix",
            "/evil");

    assertTrue(
        created.headers().firstValue("Location").orElse("").startsWith("/todo/api/ann/tasks/"));
  }

  @Test
  void ownTasksAreBelowItToo() {
    HttpResponse<String> created =
        secured.send(
            "POST",
            "/todo/api/tasks",
            "{\"title\":\"a\"}",
            "Authorization",
            "Bearer " + TestTokens.of("ann"));

    String location = created.headers().firstValue("Location").orElseThrow();
    assertTrue(location.startsWith("/todo/api/tasks/"), location);
    assertEquals(
        200, secured.get(location, "Authorization", "Bearer " + TestTokens.of("ann")).statusCode());
  }

  @ParameterizedTest
  @CsvSource({
    "/todo/api/bob/tasks, 403, 401",
    "/api/bob/tasks, 403, 401",
    "http://localhost/todo/api/bob/tasks, 403, 401",
    "http://localhost/api/bob/tasks, 403, 401",
    "/api/todo/tasks, 403, 401",
    "/todo/api/todo/tasks, 403, 401",
    "/todo/api/alice%2F..%2Fbob/tasks, 403, 401",
    "/todo/api/alice/../bob/tasks, 404, 401",
    "/todo/api/todo/api/bob/tasks, 404, 401",
    "/todo/api//bob/tasks, 404, 401",
    "/todo/api/../../todo/api/bob/tasks, 404, 401",
    "/todo//api/bob/tasks, 404, 401",
    "/todo/todo/api/bob/tasks, 404, 404",
    "/todo/todo/api/tasks, 404, 404",
    "//todo/api/bob/tasks, 404, 404",
    "///todo///api/bob/tasks, 404, 404",
    "/%74odo/api/bob/tasks, 404, 404",
    "/todo%2Fapi/bob/tasks, 404, 404",
    "/todo%2fapi%2fbob/tasks, 404, 404",
    "/TODO/api/bob/tasks, 404, 404",
    "/todo;x=y/api/bob/tasks, 404, 404",
    "/todoapi/bob/tasks, 404, 404",
    "/todo.api/bob/tasks, 404, 404",
    "/todo/../api/bob/tasks, 404, 404",
    "/todo/./api/bob/tasks, 404, 404",
    "/./todo/api/bob/tasks, 404, 404",
    "/x/../todo/api/bob/tasks, 404, 404",
    "/todo/%2e%2e/api/bob/tasks, 404, 404",
    "http://localhost?/todo/api/bob/tasks, 404, 404",
    "/todo?/api/bob/tasks, 200, 200"
  })
  void noTrickWithThePrefixGetsToAnotherUsersTasks(String target, int asAlice, int withoutToken)
      throws IOException {
    String bob = "Bearer " + TestTokens.of("bob");
    secured.send("POST", "/api/bob/tasks", "{\"title\":\"of-bob\"}", "Authorization", bob);
    String alice = "Authorization: Bearer " + TestTokens.of("alice");

    assertNothingOfBob(asAlice, raw(target, alice));
    assertNothingOfBob(
        asAlice,
        raw(
            target,
            alice,
            "X-Forwarded-Prefix: /todo",
            "Forwarded: for=127.0.0.1",
            "taskport-prefix: /todo/api/bob"));
    assertNothingOfBob(withoutToken, raw(target, "X-Forwarded-For: 127.0.0.1"));
  }

  private static void assertNothingOfBob(int status, RawAnswer answer) {
    assertEquals(status, answer.status(), answer.toString());
    assertFalse(answer.body().contains("of-bob"), answer.toString());
  }

  private RawAnswer raw(String target, String... headers) throws IOException {
    String request =
        head(
            "GET " + target + " HTTP/1.1",
            "Host: localhost",
            "Connection: close",
            String.join("\r\n", headers));
    return secured.raw(request).get(0);
  }
}
