package dev.taskport.adapter.rest.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.WatchedStore;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** The line that each request leaves, and the request's id in all other lines. */
class AccessLogTest {
  private static final String ID = "01990000-0000-7000-8000-00000000000a";

  private final BlockingQueue<ILoggingEvent> lines = new LinkedBlockingQueue<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
          line.prepareForDeferredProcessing();
          lines.add(line);
        }
      };

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }

  @BeforeEach
  void listen() {
    logger("dev.taskport.access").setLevel(Level.INFO);
    appender.start();
  }

  @AfterEach
  void stop() {
    logger(org.slf4j.Logger.ROOT_LOGGER_NAME).detachAppender(appender);
    logger("dev.taskport.access").detachAppender(appender);
    logger("dev.taskport.access").setLevel(null);
  }

  private String line() throws InterruptedException {
    ILoggingEvent line = lines.poll(5, TimeUnit.SECONDS);
    assertTrue(line != null, "There is no line");
    return line.getKeyValuePairs().stream()
        .filter(pair -> !pair.key.equals("microseconds"))
        .map(pair -> pair.value.toString())
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/ann/tasks?search=s3cret&limit=5, GET /api/{user_id}/tasks 200 2",
    "GET, /api/ann/tasks/, GET /api/{user_id}/tasks 200 2",
    "HEAD, /api/ann/tasks, HEAD /api/{user_id}/tasks 200 0",
    "GET, /api/ann/tasks/" + ID + ", GET /api/{user_id}/tasks/{task_id} 404 120",
    "PATCH, /api/ann/tasks/"
        + ID
        + "/complete, PATCH /api/{user_id}/tasks/{task_id}/complete 404 120",
    "DELETE, /nowhere/s3cret, DELETE - 404 115",
    "POST, /health, POST - 405 186",
    "FOO, /health, OTHER - 405 186",
    "GET, /health/liveness, GET /health/liveness 200 20",
  })
  void aRequestLeavesOneLineWithItsRouteAndNothingOfItsUser(
      String method, String path, String expected) throws Exception {
    logger("dev.taskport.access").addAppender(appender);
    try (TestService service = new TestService()) {
      service.bare(method, path, "X-Request-ID", "id-7", "Authorization", "Bearer s3cret");

      assertEquals(expected + " id-7", line());
      assertEquals(0, lines.size());
    }
  }

  @Test
  void whatCanNotBeReadLeavesALineToo() throws Exception {
    logger("dev.taskport.access").addAppender(appender);
    try (TestService service = new TestService()) {
      service.text("GET / s3cret\r\n\r\n");

      assertTrue(line().startsWith("GET - 400 "));
    }
  }

  @Test
  void aClientThatGoesAwayLeavesALineWithoutAStatus() throws Exception {
    logger("dev.taskport.access").addAppender(appender);
    try (TestService service = new TestService()) {
      try (Socket socket = service.connect()) {
        String half =
            TestService.head(
                "POST /api/ann/tasks HTTP/1.1", "Host: localhost", "Content-Length: 9");
        socket.getOutputStream().write(half.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
      } catch (IOException e) {
        throw new AssertionError(e);
      }

      assertEquals("POST - - 0", line());
    }
  }

  @Test
  void theRequestsIdIsInEveryLineThatItCauses() {
    logger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(appender);
    WatchedStore failing =
        mock(
            WatchedStore.class,
            call -> {
              LoggerFactory.getLogger("test").warn("in the store");
              throw new IllegalArgumentException("nobody expects this");
            });
    try (TestService service = new TestService(failing, Map.of())) {
      service.get("/api/ann/tasks/" + ID, "X-Request-ID", "id-7");
      service.get("/api/ann/tasks/" + ID, "X-Request-ID", "id-8");

      List<String> ids =
          List.copyOf(lines).stream()
              .filter(line -> line.getLoggerName().matches("test|.*ProblemHandlers"))
              .map(line -> line.getMDCPropertyMap().getOrDefault("request_id", "none"))
              .toList();
      assertEquals(List.of("id-7", "id-7", "id-8", "id-8"), ids);
    }
  }
}
