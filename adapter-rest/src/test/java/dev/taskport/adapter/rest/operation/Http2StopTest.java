package dev.taskport.adapter.rest.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.taskport.adapter.rest.Http2Connection;
import dev.taskport.adapter.rest.Http2Connection.Frame;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.TestTls;
import dev.taskport.adapter.rest.WatchedStore;
import dev.taskport.adapter.rest.http.RestProperties;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** HTTP/2's connections when the service stops, and the log of their requests. */
class Http2StopTest {
  private static final Duration GRACE = Duration.ofSeconds(20);

  private TestTls tls;

  @BeforeEach
  void makeCertificate(@TempDir Path folder) {
    tls = new TestTls(folder);
  }

  private TestService service(WatchedStore store) {
    return new TestService(store, RestProperties.tls(-1, tls.getName(), 32 * 1024), tls);
  }

  private static CompletableFuture<Boolean> close(TestService service) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return service.bean(Connections.class).close(GRACE);
          } catch (InterruptedException e) {
            throw new AssertionError("Interrupted", e);
          }
        });
  }

  @Test
  void theClientIsAskedToGoRequestsUnderWayAreFinishedAndNewOnesRefused() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    WatchedStore slow =
        new WatchedStore() {
          @Override
          public Optional<Task> find(UserId user, TaskId id) {
            reading.countDown();
            try {
              assertTrue(end.await(20, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
              throw new AssertionError("Interrupted", e);
            }
            return super.find(user, id);
          }
        };
    try (TestService service = service(slow);
        Http2Connection connection = Http2Connection.open(service, tls)) {
      connection.request(1, "GET", "/api/ann/tasks/01990000-0000-7000-8000-00000000000a");
      assertTrue(reading.await(20, TimeUnit.SECONDS));
      service.bean(Draining.class).begin();
      CompletableFuture<Boolean> closing = close(service);

      Frame asked = connection.await(Http2FrameTypes.GO_AWAY);
      assertEquals(Integer.MAX_VALUE, asked.lastStream());
      assertEquals(Http2Error.NO_ERROR.code(), asked.error());
      connection.request(3, "GET", "/"); // it was on its way
      assertEquals(200, connection.answer(3).status());

      Frame refusing = connection.await(Http2FrameTypes.GO_AWAY);
      assertEquals(3, refusing.lastStream());
      connection.request(5, "GET", "/");
      end.countDown();
      assertEquals(404, connection.answer(1).status());
      for (Frame rest = connection.read(); rest != null; rest = connection.read()) {
        boolean answers = rest.type() == Http2FrameTypes.HEADERS;
        assertFalse(answers && rest.stream() == 5, rest::toString);
      }
      assertTrue(closing.get(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void whileItDrainsItServesAndAsksTheClientToGo() throws Exception {
    try (TestService service = service(new WatchedStore());
        Http2Connection connection = Http2Connection.open(service, tls)) {
      connection.request(1, "GET", "/");
      assertEquals(200, connection.answer(1).status());
      service.bean(Draining.class).begin();
      connection.request(3, "GET", "/");
      assertEquals(Integer.MAX_VALUE, connection.await(Http2FrameTypes.GO_AWAY).lastStream());
      connection.request(5, "GET", "/");
      assertEquals(200, connection.answer(5).status());
      assertTrue(service.bean(Connections.class).close(GRACE));
      assertEquals(0, connection.awaitEnd());
    }
  }

  @Test
  void streamsOfEventsFlowBesideOtherRequestsAndEndWhenTheServiceDrains() throws Exception {
    try (TestService service = service(new WatchedStore());
        Http2Connection connection = Http2Connection.open(service, tls)) {
      for (int i = 0; i < 20; i++) { // more than there are places
        connection.request(1 + 2 * i, "GET", "/api/user" + i + "/tasks/events");
        awaitText(connection, 1 + 2 * i, "retry: ");
      }
      connection.headers(
          101,
          false,
          Http2Connection.request("POST", "/api/user7/tasks", "content-type", "application/json"));
      connection.data(101, "{\"title\":\"Seen by the stream\"}", true);
      awaitText(connection, 15, "Seen by the stream");

      service.bean(Draining.class).begin();
      Frame frame = connection.read();
      while (frame != null && !(frame.stream() == 39 && frame.ends())) {
        frame = connection.read();
      }
      assertTrue(frame != null);
    }
  }

  private static void awaitText(Http2Connection connection, int stream, String text)
      throws IOException {
    StringBuilder body = new StringBuilder();
    while (body.indexOf(text) < 0) {
      Frame frame = connection.await(Http2FrameTypes.DATA);
      if (frame.stream() == stream) {
        body.append(new String(frame.bytes(), StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void eachRequestLeavesALine() throws Exception {
    BlockingQueue<ILoggingEvent> lines = new LinkedBlockingQueue<>();
    AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent line) {
            lines.add(line);
          }
        };
    Logger log = (Logger) LoggerFactory.getLogger("dev.taskport.access");
    log.setLevel(Level.INFO);
    appender.start();
    log.addAppender(appender);
    try (TestService service = service(new WatchedStore());
        Http2Connection connection = Http2Connection.open(service, tls)) {
      connection.request(1, "GET", "/api/ann/tasks");
      assertEquals("[]", connection.answer(1).body());
      assertEquals("GET /api/{user_id}/tasks 200 2", line(lines));

      connection.request(3, "HEAD", "/api/ann/tasks");
      assertEquals("", connection.answer(3).body());
      assertEquals("HEAD /api/{user_id}/tasks 200 0", line(lines));

      connection.headers(5, false, Http2Connection.request("POST", "/api/ann/tasks"));
      connection.reset(5);
      assertEquals("POST - - 0", line(lines));
      assertNull(lines.poll());
    } finally {
      log.detachAppender(appender);
      log.setLevel(null);
    }
  }

  private static String line(BlockingQueue<ILoggingEvent> lines) throws InterruptedException {
    ILoggingEvent event = lines.poll(20, TimeUnit.SECONDS);
    assertTrue(event != null);
    Map<String, String> values =
        event.getKeyValuePairs().stream()
            .collect(Collectors.toMap(pair -> pair.key, pair -> String.valueOf(pair.value)));
    return String.join(
        " ", values.get("method"), values.get("route"), values.get("status"), values.get("bytes"));
  }
}
