package dev.taskport.adapter.rest.list;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.Http2Connection;
import dev.taskport.adapter.rest.Http2Connection.Answer;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.TestTls;
import dev.taskport.adapter.rest.http.BytesInFlight;
import dev.taskport.adapter.rest.http.RestProperties;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that ask for much on one connection of HTTP/2, and take little of it. */
@Tag("full")
class UnreadHttp2AnswersTest {
  private static final String LARGE_PAGE = "/api/alice/tasks?limit=1000";

  private final ManyTasks store = new ManyTasks(100_000);
  private TestTls tls;

  @BeforeEach
  void makeCertificate(@TempDir Path folder) {
    tls = new TestTls(folder);
  }

  private TestService service(ManyTasks tasks, Object... settings) {
    Map<String, Object> properties =
        new HashMap<>(RestProperties.tls(-1, tls.getName(), 32 * 1024));
    for (int i = 0; i < settings.length; i += 2) {
      properties.put((String) settings[i], settings[i + 1]);
    }
    return new TestService(tasks, properties, tls);
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

  @Test
  void whoNeverGrantsMoreIsCutAndHoldsBoundedBytes() throws IOException {
    try (TestService service =
            service(
                store,
                "taskport.http.min-bytes-per-second",
                10_000,
                "taskport.http.slow-reader-allowance",
                "2s");
        Http2Connection connection = Http2Connection.open(service, tls, 100)) {
      BytesInFlight inFlight = service.bean(BytesInFlight.class);
      for (int i = 0; i < 50; i++) {
        connection.request(1 + 2 * i, "GET", LARGE_PAGE);
      }
      assertTrue(waitFor(() -> store.pages.get() == 8 && inFlight.sum() > 9_000_000));

      assertTrue(inFlight.sum() < 40_000_000, () -> inFlight.sum() + " bytes in flight");
      assertEquals(8, store.pages.get());
      Answer cut = connection.answer(1);
      assertEquals(200, cut.status());
      assertEquals(Http2Error.CANCEL.code(), cut.reset());
      assertEquals(100, cut.body().length());
    }
  }

  @Test
  void whoGrantsMuchAndReadsNothingIsCutToo() throws IOException {
    try (TestService service =
            service(
                store,
                "micronaut.server.idle-timeout",
                "2s",
                "taskport.http.min-bytes-per-second",
                1_000_000,
                "taskport.http.slow-reader-allowance",
                "2s");
        Http2Connection connection = Http2Connection.open(service, tls, 1 << 30)) {
      connection.grant(0, 1 << 30);
      BytesInFlight inFlight = service.bean(BytesInFlight.class);
      for (int i = 0; i < 8; i++) {
        connection.request(1 + 2 * i, "GET", LARGE_PAGE);
      }
      assertTrue(waitFor(() -> inFlight.sum() > 5_000_000));

      assertTrue(waitFor(() -> inFlight.sum() == 0), () -> inFlight.sum() + " bytes are held");
      int unused = connection.awaitEnd();
    }
  }

  @Test
  void whoTakesOneAnswerAfterTheOtherAtTheLeastRateGetsThemAll() throws IOException {
    try (TestService service =
            service(
                store,
                "taskport.http.min-bytes-per-second",
                10_000,
                "taskport.http.slow-reader-allowance",
                "2s");
        Http2Connection connection = Http2Connection.open(service, tls, 1000)) {
      int[] lengths = new int[3];
      for (int i = 0; i < lengths.length; i++) {
        connection.request(1 + 2 * i, "GET", "/api/alice/tasks?limit=60");
      }
      int ended = 0;
      while (ended < lengths.length) {
        Http2Connection.Frame frame = connection.await(Http2FrameTypes.DATA);
        lengths[frame.stream() / 2] += frame.payload().length();
        if (frame.ends()) {
          ended++;
        } else {
          connection.grant(frame.stream(), 1000);
          LockSupport.parkNanos(20_000_000); // 50,000 bytes a second, for all three
        }
      }
      for (int length : lengths) {
        assertTrue(length > 60_000, () -> "only " + length);
      }
    }
  }

  @Test
  void nothingIsHeldForThoseWhoHaveGone() throws IOException {
    try (TestService service = service(store)) {
      BytesInFlight inFlight = service.bean(BytesInFlight.class);
      try (Http2Connection connection = Http2Connection.open(service, tls, 100)) {
        for (int i = 0; i < 20; i++) {
          connection.request(1 + 2 * i, "GET", LARGE_PAGE);
        }
        connection.headers(
            99,
            false,
            Http2Connection.request(
                "POST", "/api/alice/tasks", "content-type", "application/json"));
        connection.data(99, "x".repeat(10_000), false);
        assertTrue(waitFor(() -> inFlight.sum() > 2_000_000));
        connection.reset(1);
        connection.reset(39);
      }
      assertTrue(waitFor(() -> inFlight.sum() == 0), () -> inFlight.sum() + " bytes are held");
    }
  }

  @Test
  void oneConnectionCannotTakeAllPlaces() throws IOException {
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger reading = new AtomicInteger();
    ManyTasks slow =
        new ManyTasks(1) {
          @Override
          public java.util.List<dev.taskport.domain.Task> list(
              dev.taskport.domain.UserId user, dev.taskport.domain.TaskQuery query) {
            if (user.value().equals("slow")) {
              reading.incrementAndGet();
              try {
                assertTrue(end.await(20, TimeUnit.SECONDS));
              } catch (InterruptedException e) {
                throw new AssertionError("Interrupted", e);
              }
            }
            return super.list(user, query);
          }
        };
    try (TestService service = service(slow, "taskport.http.concurrent-requests", 16);
        Http2Connection greedy = Http2Connection.open(service, tls);
        Http2Connection other = Http2Connection.open(service, tls)) {
      for (int i = 0; i < 99; i++) {
        greedy.request(1 + 2 * i, "GET", "/api/slow/tasks");
      }
      for (int i = 0; i < 40; i++) {
        greedy.reset(1 + 2 * i); // what was begun is still carried out
      }
      assertTrue(waitFor(() -> reading.get() == 8));

      for (int i = 0; i < 20; i++) {
        other.request(1 + 2 * i, "GET", "/api/alice/tasks");
        assertEquals(200, other.answer(1 + 2 * i).status());
      }
      end.countDown();
      assertEquals(200, greedy.answer(197).status());
    }
  }
}
