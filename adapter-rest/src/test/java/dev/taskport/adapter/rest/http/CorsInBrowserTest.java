package dev.taskport.adapter.rest.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.taskport.adapter.rest.Browser;
import dev.taskport.adapter.rest.OpenApiDocument;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.token.TestTokens;
import dev.taskport.adapter.rest.token.TokenSettings;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a page of another origin can do with the API: all of it when listed, else nothing. */
@Tag("full")
class CorsInBrowserTest {
  private final Browser browser = new Browser();
  private final HttpServer listed = frontEnd();
  private final HttpServer stranger = frontEnd();
  private final TestService service =
      new TestService(
          new InMemoryTaskRepository(),
          Map.of("taskport.cors.origins", List.of(origin(listed).toString())));

  @AfterEach
  void stop() {
    browser.close();
    service.close();
    listed.stop(0);
    stranger.stop(0);
  }

  /** Serves an empty page, as another origin: a port of its own. */
  private static HttpServer frontEnd() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      byte[] page = "<!doctype html><title>Front end</title>".getBytes(StandardCharsets.UTF_8);
      server.createContext(
          "/",
          exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static URI origin(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Calls the API from the page: the answer's status, headers that the page can read, body. */
  private JsonNode call(String method, String path, String body, Map<String, String> headers) {
    return browser.run(
        """
        const [url, method, body, headers] = args;
        const answer = await fetch(url, {
          method,
          headers: {Authorization: 'Bearer none', ...headers},
          body: body || undefined,
          credentials: 'include',
        });
        return {
          status: answer.status,
          headers: Object.fromEntries(answer.headers),
          body: await answer.text(),
        };
        """,
        service.uri(path).toString(),
        method,
        body,
        headers);
  }

  private static String header(JsonNode answer, String name) {
    return answer.path("headers").path(name).asText();
  }

  @Test
  void aListedOriginUsesEveryHeaderOfTheApi() {
    browser.open(origin(listed));
    Map<String, String> creation =
        Map.of("Content-Type", "application/json", "Idempotency-Key", "key-1");

    JsonNode created = call("POST", "/api/user123/tasks", "{\"title\":\"Buy milk\"}", creation);
    assertEquals(201, created.path("status").asInt(), created.toString());
    String task = header(created, "location");
    String tag = header(created, "etag");
    assertTrue(task.startsWith("/api/user123/tasks/"), created.toString());
    assertFalse(tag.isEmpty(), created.toString());

    JsonNode replayed = call("POST", "/api/user123/tasks", "{\"title\":\"Buy milk\"}", creation);
    assertEquals("true", header(replayed, "idempotency-replayed"), replayed.toString());
    assertEquals(task, header(replayed, "location"));

    JsonNode unchanged = call("GET", task, "", Map.of("If-None-Match", tag));
    assertEquals(304, unchanged.path("status").asInt(), unchanged.toString());
    assertEquals(tag, header(unchanged, "etag"));

    JsonNode changed =
        call(
            "PATCH",
            task,
            "{\"completed\":true}",
            Map.of("Content-Type", "application/merge-patch+json", "If-Match", tag));
    assertEquals(200, changed.path("status").asInt(), changed.toString());

    JsonNode stale = call("DELETE", task, "", Map.of("If-Match", tag));
    assertEquals(412, stale.path("status").asInt(), stale.toString());
    assertEquals(header(changed, "etag"), header(stale, "etag"));

    assertEquals(200, call("DELETE", task, "", Map.of()).path("status").asInt());
    JsonNode gone = call("GET", task, "", Map.of("X-Request-ID", "from-the-page"));
    assertEquals(404, gone.path("status").asInt(), gone.toString());
    assertEquals("from-the-page", header(gone, "x-request-id"));
    assertEquals(
        "Task not found",
        OpenApiDocument.parse(gone.path("body").asText()).path("detail").asText());
  }

  @Test
  void anotherOriginReadsNothingAndChangesNothing() {
    service.create("user123", "Buy milk");
    String before = service.get("/api/user123/tasks").body();
    browser.open(origin(stranger));

    JsonNode read =
        browser.run(
            "return await (await fetch(args[0])).text();",
            service.uri("/api/user123/tasks").toString());
    JsonNode written =
        call(
            "POST",
            "/api/user123/tasks",
            "{\"title\":\"Planted\"}",
            Map.of("Content-Type", "application/json"));

    assertEquals("TypeError: Failed to fetch", read.path("error").asText(), read.toString());
    assertEquals("TypeError: Failed to fetch", written.path("error").asText(), written.toString());
    assertEquals(before, service.get("/api/user123/tasks").body());
  }

  @Test
  void theFormOfAForeignPageDoesNothingThoughTheBrowserSendsTheCookie() {
    TokenSettings settings =
        new TokenSettings(TestTokens.SECRET, null, "sub", null, null, Duration.ZERO, "session");
    try (TestService cookie =
        new TestService(
            new InMemoryTaskRepository(),
            Map.of("taskport.cors.origins", List.of(origin(listed).toString())),
            settings)) {
      String tasks = cookie.uri("/api/tasks").toString();
      browser.open(origin(stranger)); // which shares the host, and so the cookie
      browser.run("document.cookie = 'session=' + args[0];", TestTokens.of("alice"));
      browser.run(
          """
          const form = document.createElement('form');
          form.method = 'post';
          form.action = args[0];
          form.enctype = 'text/plain';
          const field = document.createElement('input');
          field.name = '{"title":"Planted","x":"';
          field.value = '"}';
          form.append(field);
          document.body.append(form);
          setTimeout(() => form.submit());
          """,
          tasks);
      String shown = browser.see("pre").getText();
      assertTrue(shown.contains("A change by cookie must come from"), shown);

      browser.open(origin(listed));
      JsonNode made =
          browser.run(
              """
              const options = {credentials: 'include'};
              const created = await fetch(args[0], {
                ...options,
                method: 'POST',
                headers: {'Content-Type': 'application/json'},
                body: '{"title":"Buy milk"}',
              });
              return [created.status, (await (await fetch(args[0], options)).json()).map(t => t.title)];
              """,
              tasks);
      assertEquals("[201,[\"Buy milk\"]]", made.toString());
    }
  }
}
