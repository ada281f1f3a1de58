package dev.taskport.adapter.rest.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskport.adapter.rest.Browser;
import dev.taskport.adapter.rest.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The script in {@code docs/retrying.md}, run as it is, over a network that loses answers. */
@Tag("full")
class RetryingInBrowserTest {
  private static final Path PAGE = Path.of("..", "docs", "retrying.md");

  /** Every other request reaches the service, but its answer is lost. */
  private static final String LOSSY_NETWORK =
      """
      const network = window.fetch.bind(window);
      let requests = 0;
      const fetch = async (...request) => {
        const answer = await network(...request);
        if (requests++ % 2 === 0) throw new TypeError('Failed to fetch');
        return answer;
      };
      """;

  private final Browser browser = new Browser();
  private final TestService service = new TestService();

  @AfterEach
  void stop() {
    browser.close();
    service.close();
  }

  private static String script() throws IOException {
    Matcher block =
        Pattern.compile("```js\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
    assertTrue(block.find(), "There is no script in " + PAGE);
    return block.group(1);
  }

  @Test
  void lostAnswersMakeNoSecondTaskAndLoseNoChange() throws IOException {
    browser.open(service.uri("/docs")); // the one page here that may call the API

    JsonNode result =
        browser.run(
            LOSSY_NETWORK
                + script()
                + """
                const created = await create('/api/user123/tasks', {title: 'Buy milk'});
                const url = created.headers.get('Location');
                const changed = await change(url, () => ({title: 'Buy oat milk'}));
                const completed = await complete(url, true);
                return {
                  requests,
                  created: created.status,
                  replayed: created.headers.get('Idempotency-Replayed'),
                  changed: changed.status,
                  completed: completed.status,
                  tasks: await (await send('/api/user123/tasks')).json(),
                };
                """);

    assertEquals(201, result.path("created").asInt(), result.toString());
    assertEquals("true", result.path("replayed").asText(), result.toString());
    assertEquals(200, result.path("changed").asInt(), result.toString());
    assertEquals(200, result.path("completed").asInt(), result.toString());
    assertEquals(1, result.path("tasks").size(), result.toString());
    assertEquals("Buy oat milk", result.at("/tasks/0/title").asText());
    assertTrue(result.at("/tasks/0/completed").asBoolean(), result.toString());
    assertTrue(result.path("requests").asInt() >= 8, result.toString());
  }
}
