package dev.taskport.adapter.rest.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.WatchedStore;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of connections and requests when the service stops. */
class StopTest {
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final String REQUEST = TestService.head("GET /health HTTP/1.1", "Host: localhost");

  @Test
  void noRequestOnAKeptConnectionIsLostUnderLoad() throws Exception {
    TestService service = new TestService();
    AtomicInteger answered = new AtomicInteger();
    CountDownLatch busy = new CountDownLatch(200);
    int clients = 8;
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try (service) {
      List<Future<Integer>> all = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        Connection connection = new Connection(service);
        all.add(
            threads.submit(
                () -> {
                  try (connection) {
                    boolean last = false;
                    while (!last) {
                      last = "close".equals(connection.exchange(REQUEST).get("connection"));
                      answered.incrementAndGet();
                      busy.countDown();
                    }
                    return connection.read();
                  }
                }));
      }
      assertTrue(busy.await(20, TimeUnit.SECONDS));

      service.stop(GRACE);

      for (Future<Integer> one : all) {
        // No exception: each request had its answer, and the last answer said so.
        assertEquals(-1, one.get(20, TimeUnit.SECONDS));
      }
      assertTrue(answered.get() >= 200);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aQuietConnectionIsClosedAndNoneIsAccepted() throws Exception {
    try (TestService service = new TestService();
        Connection used = new Connection(service);
        Connection unused = new Connection(service)) {
      assertNull(used.exchange(REQUEST).get("connection"));

      service.bean(Draining.class).begin();
      assertTrue(service.bean(Connections.class).close(GRACE));

      assertEquals(-1, used.read());
      assertEquals(-1, unused.read());
      assertThrows(SocketException.class, service::connect);
    }
  }

  @Test
  void whileItDrainsItServesAndTellsEachClientToGo() throws Exception {
    try (TestService service = new TestService();
        Connection before = new Connection(service)) {
      assertEquals(200, service.get("/health/readiness").statusCode());

      service.bean(Draining.class).begin();

      assertEquals("close", before.exchange(REQUEST).get("connection"));
      assertEquals(-1, before.read());
      try (Connection after = new Connection(service)) {
        assertEquals("close", after.exchange(REQUEST).get("connection"));
        assertEquals(-1, after.read());
      }
      assertEquals(503, service.get("/health/readiness").statusCode());
      assertEquals(
          "{\"status\":\"unhealthy\",\"detail\":\"The service is about to stop\"}",
          service.get("/health/readiness").body());
      assertEquals(200, service.get("/health").statusCode());
      assertEquals(200, service.get("/health/liveness").statusCode());
    }
  }

  @Test
  void aRequestUnderWayIsFinishedWithinTheGraceAndNotWaitedForLonger() throws Exception {
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
    try (TestService service = new TestService(slow, Map.of());
        Connection connection = new Connection(service)) {
      CompletableFuture<Map<String, String>> answer =
          CompletableFuture.supplyAsync(
              () ->
                  connection.exchange(
                      TestService.head(
                          "GET /api/ann/tasks/01990000-0000-7000-8000-00000000000a HTTP/1.1",
                          "Host: localhost")));
      assertTrue(reading.await(20, TimeUnit.SECONDS));
      service.bean(Draining.class).begin();
      Connections connections = service.bean(Connections.class);

      assertFalse(connections.close(Duration.ofMillis(100)));
      CompletableFuture<Boolean> closing =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return connections.close(GRACE);
                } catch (InterruptedException e) {
                  throw new AssertionError("Interrupted", e);
                }
              });
      end.countDown();

      assertEquals("HTTP/1.1 404 Not Found", answer.get(20, TimeUnit.SECONDS).get(""));
      assertTrue(closing.get(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void streamsAreEndedOnceEvenIfTheyBeginLate() {
    Draining draining = new Draining();
    AtomicInteger ended = new AtomicInteger();
    Runnable early = draining.register(ended::incrementAndGet);
    Runnable gone = draining.register(() -> ended.addAndGet(100));
    assertEquals(2, draining.streams());
    gone.run();

    draining.begin();
    draining.begin();
    draining.register(ended::incrementAndGet);

    assertEquals(2, ended.get());
    early.run();
    assertEquals(1, draining.streams());
  }

  /** A client that keeps its connection. */
  private static final class Connection implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader answers;

    Connection(TestService service) throws IOException {
      socket = service.connect();
      answers =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    /** Gives the answer's headers, in lower case; the status line is under the empty name. */
    Map<String, String> exchange(String request) {
      try {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("", line());
        for (String line = line(); !line.isEmpty(); line = line()) {
          int colon = line.indexOf(':');
          headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        assertEquals(length, answers.read(new char[length], 0, length));
        return headers;
      } catch (IOException e) {
        throw new AssertionError("A request had no answer", e);
      }
    }

    private String line() throws IOException {
      @Nullable String line = answers.readLine();
      if (line == null) {
        throw new AssertionError("A request had no answer");
      }
      return line;
    }

    int read() throws IOException {
      return answers.read();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
