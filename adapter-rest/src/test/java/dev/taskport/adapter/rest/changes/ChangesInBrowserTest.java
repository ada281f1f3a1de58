package dev.taskport.adapter.rest.changes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskport.adapter.rest.Browser;
import dev.taskport.adapter.rest.OpenApiDocument;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.token.TestTokens;
import dev.taskport.adapter.rest.token.TokenSettings;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The script in {@code docs/changes.md}, run as it is, over connections that are cut. */
@Tag("full")
class ChangesInBrowserTest {
  private static final Path PAGE = Path.of("..", "docs", "changes.md");
  private static final String TASKS = "/api/alice/tasks";

  private final Browser browser = new Browser();
  private final TestService service =
      new TestService(
          new InMemoryTaskRepository(),
          Map.of("taskport.events.interval", "50ms"),
          new TokenSettings(TestTokens.SECRET, null, "sub", null, null, Duration.ZERO, "session"));
  private final CuttingProxy proxy = new CuttingProxy(service.uri("/"));
  private final String[] alice = {"Authorization", "Bearer " + TestTokens.of("alice")};

  @AfterEach
  void stop() {
    browser.close();
    proxy.close();
    service.close();
  }

  private static String script() throws IOException {
    Matcher block =
        Pattern.compile("```js\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
    assertTrue(block.find(), "There is no script in " + PAGE);
    return block.group(1);
  }

  private String create(String title) {
    return service
        .send("POST", TASKS, "{\"title\":\"" + title + "\"}", alice)
        .headers()
        .firstValue("Location")
        .orElseThrow();
  }

  @Test
  void anEventSourceMissesNothingWhenItsConnectionIsCut() throws IOException {
    follow(
        """
        document.cookie = 'session=' + args[0];
        await sync(copy, '/api/tasks', {credentials: 'include'});
        followByCookie(copy, '/api/tasks');
        """);
  }

  @Test
  void aFetchMissesNothingWhenItsConnectionIsCut() throws IOException {
    follow(
        """
        followByToken(copy, '/api/tasks', async () => args[0], new AbortController().signal);
        """);
  }

  private void follow(String start) throws IOException {
    create("a");
    String deleted = create("b");
    browser.open(proxy.uri("/docs")); // the one page here that may call the API
    browser.run(
        script() + "const copy = {tasks: new Map(), next: null}; window.copy = copy;" + start,
        TestTokens.of("alice"));
    awaitCopy();

    String changed = create("c");
    awaitCopy();
    for (int i = 0; i < 3; i++) {
      proxy.cut();
      service.send("PATCH", changed, "{\"title\":\"changed " + i + "\"}", alice);
      service.bare(i % 2 == 0 ? "DELETE" : "POST", deleted + (i % 2 == 0 ? "" : "/restore"), alice);
      create("while it was cut " + i);
      proxy.mend();
      create("after it was mended " + i);
      awaitCopy();
    }
  }

  /** Waits until the page's copy is what the service has. */
  private void awaitCopy() {
    Map<String, JsonNode> tasks = new TreeMap<>();
    OpenApiDocument.parse(service.get(TASKS, alice).body())
        .forEach(task -> tasks.put(task.path("id").asText(), task));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    Map<String, JsonNode> copy = copy();
    while (!copy.equals(tasks) && System.nanoTime() < deadline) {
      copy = copy();
    }
    assertEquals(tasks, copy);
  }

  private Map<String, JsonNode> copy() {
    Map<String, JsonNode> copy = new TreeMap<>();
    browser
        .run("await new Promise(done => setTimeout(done, 50)); return [...copy.tasks.values()];")
        .forEach(task -> copy.put(task.path("id").asText(), task));
    return copy;
  }
}
