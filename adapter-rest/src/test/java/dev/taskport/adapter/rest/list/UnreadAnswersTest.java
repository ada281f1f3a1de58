package dev.taskport.adapter.rest.list;

import static dev.taskport.adapter.rest.TestService.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.http.BytesInFlight;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that ask for much and read little cost little, and cost others nothing. */
class UnreadAnswersTest {
  /** Pages of about 1.2 MB. */
  private static final String LARGE_PAGE = "/api/alice/tasks?limit=1000";

  private final ManyTasks store = new ManyTasks(100_000);

  private TestService service(Object... settings) {
    Map<String, Object> properties = new java.util.HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      properties.put((String) settings[i], settings[i + 1]);
    }
    return new TestService(store, properties);
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String get(String path) {
    return head("GET " + path + " HTTP/1.1", "Host: localhost");
  }

  private static boolean waitFor(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      LockSupport.parkNanos(5_000_000);
    }
    return true;
  }

  /** Reads at this rate until the other side hangs up; how many bytes came. */
  private static long readSlowly(Socket socket, int bytesPerSecond, long most) throws IOException {
    InputStream in = socket.getInputStream();
    long start = System.nanoTime();
    byte[] buffer = new byte[bytesPerSecond / 20];
    long read = 0;
    try {
      for (int n = in.read(buffer); n >= 0 && read < most; n = in.read(buffer)) {
        read += n;
        long due = start + read * 1_000_000_000L / bytesPerSecond;
        LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
      }
    } catch (SocketException e) {
      return read;
    }
    return read;
  }

  @Test
  void theNextRequestOfAConnectionBeginsWhenTheAnswerBeforeItIsWritten() throws IOException {
    try (TestService service = service();
        Socket socket = service.connect()) {
      BytesInFlight inFlight = service.bean(BytesInFlight.class);
      send(socket, get(LARGE_PAGE).repeat(300));
      assertTrue(waitFor(() -> store.pages.get() > 0 && inFlight.sum() > 0));

      // Others are answered meanwhile, many times.
      for (int i = 0; i < 50; i++) {
        assertEquals(200, service.get("/api/bob/tasks?limit=1").statusCode());
      }
      assertEquals(51, store.pages.get());
      assertTrue(inFlight.sum() < 2_000_000, () -> inFlight.sum() + " bytes in flight");
    }
  }

  @Test
  void pipelinedRequestsAreAllAnsweredToAClientThatReads() throws IOException {
    try (TestService service = service()) {
      String last = head("GET /health HTTP/1.1", "Host: localhost", "Connection: close");

      List<?> answers = service.raw(get("/api/alice/tasks?limit=100").repeat(200) + last);

      assertEquals(201, answers.size());
    }
  }

  @Test
  void nothingIsHeldForThoseWhoHaveGone() throws IOException {
    try (TestService service = service()) {
      BytesInFlight inFlight = service.bean(BytesInFlight.class);
      List<Socket> sockets = new ArrayList<>();
      for (String path : List.of(LARGE_PAGE, "/api/alice/tasks", "/docs/assets/redoc.js")) {
        Socket socket = service.connect();
        sockets.add(socket);
        send(socket, get(path));
      }
      Socket sender = service.connect();
      sockets.add(sender);
      send(
          sender,
          head(
                  "POST /api/alice/tasks HTTP/1.1",
                  "Host: localhost",
                  "Content-Type: application/json",
                  "Content-Length: 100000")
              + "x".repeat(50_000));
      assertTrue(waitFor(() -> inFlight.sum() > 1_000_000));

      for (Socket socket : sockets) {
        socket.close();
      }

      assertTrue(waitFor(() -> inFlight.sum() == 0), () -> inFlight.sum() + " bytes are held");
    }
  }

  @Tag("full")
  @Test
  void whoReadsAtTheLeastRateIsServedToTheEndAndWhoReadsLessIsCut() throws IOException {
    try (TestService service =
            service(
                "micronaut.server.idle-timeout",
                "1s",
                "taskport.http.min-bytes-per-second",
                10_000,
                "taskport.http.slow-reader-allowance",
                "5s");
        Socket steady = service.connect();
        Socket slow = service.connect()) {
      String page = "/api/alice/tasks?limit=250";
      String request = head("GET " + page + " HTTP/1.1", "Host: localhost", "Connection: close");
      send(steady, request);
      send(slow, request);
      Thread reader =
          new Thread(
              () -> {
                try {
                  slow.setSoTimeout(60_000);
                  long unused = readSlowly(slow, 2_000, Long.MAX_VALUE);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      reader.start();

      long read = readSlowly(steady, 30_000, Long.MAX_VALUE);
      int length = service.get(page).body().length();

      assertTrue(read > length, () -> "Cut after " + read + " of " + length);
      assertTrue(waitFor(() -> service.bean(BytesInFlight.class).sum() == 0));
    }
  }

  @Tag("full")
  @Test
  void whenMemoryIsShortThoseWhoReadNothingAreCutAndOthersAreServed() throws IOException {
    try (TestService service = service("taskport.http.max-bytes-in-flight", 4_000_000)) {
      BytesInFlight inFlight = service.bean(BytesInFlight.class);
      List<Socket> sockets = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        Socket socket = service.connect();
        sockets.add(socket);
        send(socket, get(LARGE_PAGE));
      }
      assertTrue(waitFor(() -> store.pages.get() > 0 && inFlight.sum() > 1_000_000));

      assertEquals(200, service.get("/api/alice/tasks?limit=50").statusCode());
      assertTrue(waitFor(() -> service.get(LARGE_PAGE).statusCode() == 200));
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Tag("full")
  @Test
  void whatThereIsNoMemoryForIsRefused() {
    try (TestService service = service()) {
      service.bean(BytesInFlight.class).add(Runtime.getRuntime().maxMemory());

      HttpResponse<String> refused = service.get(LARGE_PAGE);

      assertEquals(503, refused.statusCode());
      assertEquals("2", refused.headers().firstValue("Retry-After").orElseThrow());
      assertEquals(200, service.get("/").statusCode());
    }
  }

  @Test
  void connectionsBeyondTheLimitAreRefused() throws IOException {
    try (TestService service = service("taskport.http.max-connections", 3)) {
      List<Socket> sockets = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Socket socket = service.connect();
        sockets.add(socket);
        send(socket, get("/"));
        assertEquals('H', socket.getInputStream().read());
      }
      try (Socket more = service.connect()) {
        assertEquals(-1, more.getInputStream().read());
      }
      sockets.get(0).close();

      assertTrue(waitFor(() -> accepts(service)));
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static boolean accepts(TestService service) {
    try (Socket socket = service.connect()) {
      send(socket, get("/"));
      return socket.getInputStream().read() == 'H';
    } catch (SocketException e) {
      return false;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
