package dev.taskport.adapter.rest.http;

import static dev.taskport.adapter.rest.ProblemAssertions.assertProblem;
import static dev.taskport.adapter.rest.TestService.head;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.adapter.rest.RawAnswer;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.token.TokenSettings;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** For whom a request is: a page of another site must not reach an open service by its own name. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostTest {
  private static final String MISDIRECTED =
      "The request is for another host than this service; its setting ALLOWED_HOSTS lists the"
          + " names it goes by";

  private final TestService open =
      new TestService(
          new InMemoryTaskRepository(),
          Map.of("taskport.http.allowed-hosts", List.of("tasks.example", "Inner.Example.")));

  @AfterAll
  void stop() {
    open.close();
  }

  private RawAnswer get(TestService service, String target, String host) throws IOException {
    return service
        .raw(head("GET " + target + " HTTP/1.1", "Host: " + host, "Connection: close"))
        .get(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:8000",
        "localhost.",
        "app.localhost",
        "127.0.0.1",
        "127.0.0.1:",
        "10.1.2.3:8000",
        "[::1]",
        "[fe80::1]:8000",
        "tasks.example",
        "Tasks.Example:443",
        "inner.example"
      })
  void anOpenServiceAnswersByItsNamesAndByAddresses(String host) throws IOException {
    assertEquals("[]", get(open, "/api/alice/tasks", host).body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "eviltasks.example",
        "127.1",
        "2130706433",
        "999.0.0.1",
        ""
      })
  void anOpenServiceRefusesOtherNames(String host) throws IOException {
    for (String target : List.of("/api/alice/tasks", "/", "/docs", "/openapi.json", "/nowhere")) {
      assertProblem(get(open, target, host), 421, "Misdirected Request", MISDIRECTED);
    }
    assertEquals(200, get(open, "/health", host).status());
    assertEquals(200, get(open, "/health/", host).status());
  }

  @Test
  void theNameInAnAbsoluteTargetCountsToo() throws IOException {
    assertProblem(
        get(open, "http://evil.example/api/alice/tasks", "localhost"),
        421,
        "Misdirected Request",
        MISDIRECTED);
    assertEquals(200, get(open, "http://localhost:1/api/alice/tasks", "localhost").status());
  }

  @Test
  void aPreflightToAnotherNameGrantsNothing() throws IOException {
    RawAnswer answer =
        open.raw(
                head(
                    "OPTIONS /api/alice/tasks HTTP/1.1",
                    "Host: evil.example",
                    "Origin: http://evil.example",
                    "Access-Control-Request-Method: PUT",
                    "Connection: close"))
            .get(0);

    assertEquals(403, answer.status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "a/b",
        "user@a",
        "a:b",
        "a:123456",
        "[::1",
        "::1",
        "a,b c",
        "%zz",
        "a?b",
        "a#"
      })
  void aMalformedHostIsABadRequest(String host) throws IOException {
    for (String target : List.of("/api/alice/tasks", "/health")) {
      assertProblem(
          get(open, target, host),
          400,
          "Bad Request",
          "The Host of the request is not a valid one");
    }
  }

  @Test
  void withAuthenticationEveryNameWillDo() throws IOException {
    TokenSettings tokens =
        new TokenSettings(
            "s3cret-s3cret-s3cret-s3cret-s3cret", null, "sub", null, null, Duration.ZERO);
    try (TestService service = new TestService(new InMemoryTaskRepository(), Map.of(), tokens)) {
      assertEquals(200, get(service, "/", "evil.example").status());
      assertEquals(401, get(service, "/api/alice/tasks", "evil.example").status());
      assertEquals(400, get(service, "/", "a b").status());
    }
  }
}
