package dev.taskport.adapter.rest.problem;

import static dev.taskport.adapter.rest.ProblemAssertions.assertProblem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.WatchedStore;
import dev.taskport.domain.StoreHealth;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.StoreUnavailableException.Reason;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** What a client sees, and an operator reads, when the parts behind the routes fail. */
class FailuresTest {
  private static final String ID = "01990000-0000-7000-8000-00000000000a";
  private static final String SECRET = "SELECT secret FROM tasks";

  private static WatchedStore failing(Supplier<RuntimeException> failure) {
    return mock(
        WatchedStore.class,
        call -> {
          throw failure.get();
        });
  }

  private static List<HttpResponse<String>> everyRoute(TestService service) {
    String task = "/api/alice/tasks/" + ID;
    String[] headers = {"X-Request-ID", "request-7", "Origin", "http://localhost:3000"};
    return List.of(
        service.get("/api/alice/tasks", headers),
        service.get("/api/alice/tasks?limit=10", headers),
        service.send("POST", "/api/alice/tasks", "{\"title\":\"s3cret\"}", headers),
        service.get(task, headers),
        service.send("PUT", task, "{\"title\":\"s3cret\"}", headers),
        service.send("PATCH", task, "{}", headers),
        service.bare("PATCH", task + "/complete", headers),
        service.bare("DELETE", task, headers),
        service.bare("DELETE", task + "?permanently=true", headers),
        service.bare("POST", task + "/restore", headers),
        service.get("/api/alice/tasks/changes", headers),
        service.get("/api/alice/tasks/deleted", headers));
  }

  private static void assertReadableByPages(HttpResponse<String> answer) {
    assertEquals(
        "http://localhost:3000",
        answer.headers().firstValue("Access-Control-Allow-Origin").orElse("none"));
  }

  @Test
  void aStoreThatIsDownIsUnavailableForAWhile() {
    Supplier<RuntimeException> down =
        () -> new StoreUnavailableException("No connection", new IllegalStateException(SECRET));
    try (TestService service = new TestService(failing(down), Map.of())) {
      for (HttpResponse<String> answer : everyRoute(service)) {
        assertProblem(
            503,
            "Service Unavailable",
            "The service can't reach its database now; try again soon",
            answer);
        assertEquals("2", answer.headers().firstValue("Retry-After").orElse("none"));
        assertReadableByPages(answer);
      }
    }
  }

  @Test
  void aStoreThatIsFullSaysSo() {
    Supplier<RuntimeException> full =
        () -> new StoreUnavailableException(Reason.FULL, "Full", new IllegalStateException(SECRET));
    try (TestService service = new TestService(failing(full), Map.of())) {
      for (HttpResponse<String> answer : everyRoute(service)) {
        assertProblem(
            503,
            "Service Unavailable",
            "The database's disk is full; try again when there is room",
            answer);
        assertEquals("2", answer.headers().firstValue("Retry-After").orElse("none"));
      }
    }
  }

  @Test
  void whatNobodyExpectedIsLoggedWithTheRequestsName() {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    log.start();
    root.addAppender(log);
    try (TestService service =
        new TestService(failing(() -> new IllegalArgumentException(SECRET)), Map.of())) {
      for (HttpResponse<String> answer : everyRoute(service)) {
        assertProblem(500, "Internal Server Error", "Internal server error", answer);
        assertReadableByPages(answer);
        assertFalse(answer.headers().map().toString().contains("SELECT"));
      }
      List<ILoggingEvent> errors =
          List.copyOf(log.list).stream().filter(e -> e.getLevel() == Level.ERROR).toList();
      assertEquals(12, errors.size());
      for (ILoggingEvent error : errors) {
        assertEquals("Request request-7 failed", error.getFormattedMessage());
        assertEquals(SECRET, error.getThrowableProxy().getMessage());
      }
    } finally {
      root.detachAppender(log);
    }
  }

  enum Check {
    UP,
    DOWN,
    FAILS,
    THROWS,
    HANGS,
    BLOCKS
  }

  @ParameterizedTest
  @CsvSource({
    "UP, 200, healthy",
    "DOWN, 503, unhealthy",
    "FAILS, 503, unhealthy",
    "THROWS, 503, unhealthy",
    "HANGS, 503, unhealthy",
    "BLOCKS, 503, unhealthy"
  })
  void healthIsWhatTheChecksSayAndIsToldInTime(Check check, int status, String word) {
    CountDownLatch end = new CountDownLatch(1);
    StoreHealth store = () -> result(check, end);
    try (TestService service = new TestService(new InMemoryTaskRepository(), Map.of(), store)) {
      long start = System.nanoTime();
      HttpResponse<String> answer = service.get("/health");

      assertEquals("{\"status\":\"" + word + "\"}", answer.body());
      assertEquals(status, answer.statusCode());
      assertEquals("application/json", answer.headers().firstValue("Content-Type").orElse(""));
      assertTrue(System.nanoTime() - start < 15_000_000_000L);
      assertEquals(200, service.get("/").statusCode());
    } finally {
      end.countDown();
    }
  }

  @Test
  void healthSaysWhyIfThatIsKnown() {
    StoreHealth store = () -> CompletableFuture.completedFuture(StoreHealth.State.FULL);
    try (TestService service = new TestService(new InMemoryTaskRepository(), Map.of(), store)) {
      HttpResponse<String> answer = service.get("/health");
      assertEquals(503, answer.statusCode());
      assertEquals(
          "{\"status\":\"unhealthy\",\"detail\":\"The database's disk is full\"}", answer.body());
    }
  }

  private static CompletionStage<StoreHealth.State> result(Check check, CountDownLatch end) {
    return switch (check) {
      case UP -> CompletableFuture.completedFuture(StoreHealth.State.UP);
      case DOWN -> CompletableFuture.completedFuture(StoreHealth.State.DOWN);
      case FAILS -> CompletableFuture.failedFuture(new IllegalStateException(SECRET));
      case HANGS -> new CompletableFuture<>();
      case THROWS -> throw new IllegalStateException(SECRET);
      case BLOCKS -> {
        try {
          end.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        yield CompletableFuture.completedFuture(StoreHealth.State.UP);
      }
    };
  }
}
