package dev.taskport.adapter.rest.http;

import static dev.taskport.adapter.rest.TestService.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Connections that somebody holds open without saying much. Each read here waits ten seconds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SlowClientsTest {
  private final TestService service =
      new TestService(
          new InMemoryTaskRepository(), Map.of("taskport.http.request-deadline", "300ms"));

  @AfterAll
  void stop() {
    service.close();
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  static Stream<String> begins() {
    String post = "POST /api/alice/tasks HTTP/1.1";
    String type = "Content-Type: application/json";
    return Stream.of(
        "G",
        String.join("\r\n", "GET /health HTTP/1.1", "Host: a", "X: y"),
        head(post, "Host: a", type, "Content-Length: 13") + "{\"title\"",
        head(post, "Host: a", type, "Transfer-Encoding: chunked") + "5\r\n{\"tit");
  }

  @ParameterizedTest
  @MethodSource("begins")
  void aRequestThatDoesNotEndIsCutOff(String begin) throws IOException {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    log.start();
    root.addAppender(log);
    try (Socket socket = service.connect()) {
      send(socket, begin);

      assertEquals(-1, socket.getInputStream().read());
      assertEquals("[]", service.get("/api/alice/tasks").body());
      assertEquals(
          List.of(),
          List.copyOf(log.list).stream().filter(e -> e.getLevel() == Level.ERROR).toList());
    } finally {
      root.detachAppender(log);
    }
  }

  @Test
  void brokenChunksBehindAnAnswerEndTheConnection() throws IOException {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    log.start();
    root.addAppender(log);
    try (Socket socket = service.connect()) {
      send(socket, head("POST /nowhere HTTP/1.1", "Host: a", "Transfer-Encoding: chunked"));
      readAnswer(socket);
      send(socket, "zz\r\n");

      assertEquals(-1, socket.getInputStream().read());
      assertEquals(
          List.of(),
          List.copyOf(log.list).stream().filter(e -> e.getLevel() == Level.ERROR).toList());
    } finally {
      root.detachAppender(log);
    }
  }

  @Test
  void drippingDoesNotHelp() throws IOException {
    try (Socket socket = service.connect()) {
      send(socket, "GET /health HTTP/1.1\r\nX: ");
      socket.setSoTimeout(20);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      boolean cut = false;
      while (!cut && System.nanoTime() < end) {
        try {
          send(socket, "x");
          cut = socket.getInputStream().read() == -1;
        } catch (SocketTimeoutException e) {
          cut = false; // still open: another drop
        } catch (SocketException e) {
          cut = true;
        }
      }
      assertTrue(cut);
    }
  }

  @Test
  void aConnectionOutlivesTheDeadlineOfItsRequests() throws IOException {
    try (Socket socket = service.connect()) {
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(700);
      int answers = 0;
      while (System.nanoTime() < end) {
        send(socket, head("GET /nowhere HTTP/1.1", "Host: a"));
        readAnswer(socket);
        answers++;
      }
      assertTrue(answers > 1);
    }
  }

  private static void readAnswer(Socket socket) throws IOException {
    StringBuilder bytes = new StringBuilder();
    while (bytes.indexOf("}") < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new AssertionError("The connection was cut: " + bytes);
      }
      bytes.append((char) next);
    }
  }

  @Test
  void aConnectionWithoutRequestsIsClosedInTheEnd() throws IOException {
    try (TestService impatient =
            new TestService(
                new InMemoryTaskRepository(), Map.of("micronaut.server.idle-timeout", "1s"));
        Socket socket = impatient.connect()) {
      assertEquals(-1, socket.getInputStream().read());
    }
  }
}
