package dev.taskport.adapter.rest.list;

import static dev.taskport.adapter.rest.TestService.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import dev.taskport.adapter.rest.MediaTypes;
import dev.taskport.adapter.rest.OpenApiDocument;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.WatchedStore;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.UserId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A client that asks for everything gets everything, a page at a time, or sees that it didn't. */
class LongListsTest {
  private static final String TASKS = "/api/alice/tasks";
  private static final String LAST_CHUNK = "\r\n0\r\n\r\n";

  /** More than all buffers between a store and a client hold. */
  private static final int ENDLESS = 500_000;

  private static TestService service(WatchedStore store, String... more) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("taskport.lists.page-size", 100);
    for (int i = 0; i < more.length; i += 2) {
      properties.put(more[i], more[i + 1]);
    }
    return new TestService(store, properties);
  }

  private static String get(String version, String... headers) {
    String more = headers.length == 0 ? "" : "\r\n" + String.join("\r\n", headers);
    return head("GET " + TASKS + " HTTP/" + version, "Host: a" + more);
  }

  private static void assertComplete(int tasks, String body) {
    JsonNode array = OpenApiDocument.parse(body);
    assertEquals(tasks, array.size());
    for (int i = 0; i < tasks; i++) {
      assertEquals("Task " + (tasks - 1 - i), array.get(i).path("title").asText());
    }
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 199, 200, 201, 1234})
  void manyPagesAreOneArray(int tasks) {
    WatchedStore store = new ManyTasks(tasks);
    try (TestService service = service(store)) {
      HttpResponse<String> answer = service.get(TASKS);

      assertEquals("chunked", header(answer, "Transfer-Encoding"));
      assertEquals("application/json", header(answer, "Content-Type"));
      assertEquals("", header(answer, "Link"));
      assertComplete(tasks, answer.body());
      assertEquals((tasks + 99) / 100, store.pages.get());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100})
  void onePageIsSentAsAWhole(int tasks) {
    try (TestService service = service(new ManyTasks(tasks))) {
      HttpResponse<String> answer = service.get(TASKS);

      assertEquals("", header(answer, "Transfer-Encoding"));
      assertEquals(
          answer.body().getBytes(StandardCharsets.UTF_8).length,
          Integer.parseInt(header(answer, "Content-Length")));
      assertComplete(tasks, answer.body());
    }
  }

  @Test
  void whatIsDeletedMeanwhileLeavesNoHole() {
    WatchedStore store =
        new ManyTasks(300) {
          @Override
          public List<Task> list(UserId user, TaskQuery query) {
            List<Task> page = super.list(user, query);
            return pages.get() == 3 ? List.of() : page;
          }
        };
    try (TestService service = service(store)) {
      assertEquals(200, OpenApiDocument.parse(service.get(TASKS).body()).size());
    }
  }

  @Test
  void aLongListCanBeCompressed() throws IOException {
    try (TestService service = service(new ManyTasks(1000))) {
      HttpResponse<byte[]> answer = service.bytes(TASKS, "Accept-Encoding", "gzip");

      assertEquals("gzip", header(answer, "Content-Encoding"));
      assertTrue(answer.body().length < 100_000);
      assertComplete(1000, gunzip(answer.body()));
    }
  }

  private static String gunzip(byte[] bytes) throws IOException {
    try (GZIPInputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return new String(unzipped.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void anOldClientGetsNoChunks() throws IOException {
    try (TestService service = service(new ManyTasks(1000))) {
      for (String connection : List.of("Connection: close", "Connection: keep-alive")) {
        String answer = service.text(get("1.0", connection));

        int end = answer.indexOf("\r\n\r\n");
        assertFalse(answer.substring(0, end).contains("chunked"), answer.substring(0, end));
        assertComplete(1000, answer.substring(end + 4));
      }
    }
  }

  @Test
  void connectionsOutliveALongList() throws IOException {
    try (TestService service = service(new ManyTasks(250))) {
      String list = get("1.1");
      String answers = service.text(list + list + get("1.1", "Connection: close"));

      assertEquals(3, answers.split("HTTP/1.1 200", -1).length - 1);
      assertEquals(3, answers.split(LAST_CHUNK, -1).length - 1);
    }
  }

  @Test
  void headReadsNoMoreThanOnePage() throws IOException {
    WatchedStore store = new ManyTasks(ENDLESS);
    try (TestService service = service(store)) {
      String head = get("1.1", "Connection: close").replace("GET ", "HEAD ");
      String answer = service.text(head);

      assertEquals(1, store.pages.get());
      assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
      assertTrue(answer.endsWith("\r\n\r\n"), answer);
      assertEquals(answer.length() - 4, answer.indexOf("\r\n\r\n"), answer);
      assertTrue(answer.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked"));
    }
  }

  /** What the log says meanwhile, from warnings on. */
  private static final class Warnings implements AutoCloseable {
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    Warnings() {
      log.start();
      root.addAppender(log);
    }

    List<String> all() {
      return List.copyOf(log.list).stream()
          .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
          .map(ILoggingEvent::getFormattedMessage)
          .toList();
    }

    @Override
    public void close() {
      root.detachAppender(log);
    }
  }

  /** Fails when the page of this number is asked for. */
  private static WatchedStore failingAt(int page, RuntimeException failure) {
    return new ManyTasks(1000) {
      @Override
      public List<Task> list(UserId user, TaskQuery query) {
        List<Task> read = super.list(user, query);
        if (pages.get() == page) {
          throw failure;
        }
        return read;
      }
    };
  }

  private static StoreUnavailableException lost() {
    return new StoreUnavailableException("the database is gone", new IllegalStateException());
  }

  @Test
  void aFailureOfTheFirstPageIsAProblem() {
    try (TestService service = service(failingAt(1, lost()))) {
      HttpResponse<String> answer = service.get(TASKS);

      assertEquals(503, answer.statusCode());
      assertEquals(MediaTypes.PROBLEM, header(answer, "Content-Type"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 10})
  void aFailureOfALaterPageBreaksTheAnswerOff(int page) throws IOException {
    try (Warnings warnings = new Warnings();
        TestService service = service(failingAt(page, lost()))) {
      String answer = service.text(get("1.1", "X-Request-ID: broken"));

      assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
      assertFalse(answer.endsWith(LAST_CHUNK));
      assertFalse(answer.contains("}]"));
      assertEquals(
          List.of(
              "Request broken: the list broke off after "
                  + (page - 1) * 100
                  + " tasks: the database is gone"),
          warnings.all());
    }
  }

  @Test
  void aFaultBreaksTheAnswerOffToo() throws IOException {
    try (TestService service = service(failingAt(3, new IllegalStateException("a fault")))) {
      assertFalse(service.text(get("1.1")).endsWith(LAST_CHUNK));
    }
  }

  @Test
  void aBrokenAnswerDoesNotLookWholeWhenCompressedOrWithoutChunks() throws IOException {
    try (TestService service = service(failingAt(3, lost()))) {
      String compressed = service.text(get("1.1", "Accept-Encoding: gzip"));
      assertTrue(compressed.contains("gzip"));
      assertFalse(compressed.endsWith(LAST_CHUNK));
    }
    try (TestService service = service(failingAt(3, lost()))) {
      assertFalse(service.text(get("1.0")).endsWith("]"));
    }
  }

  @Test
  void pagesAreReadWhereReadingMayWait() {
    Set<String> threads = new ConcurrentSkipListSet<>();
    WatchedStore store =
        new ManyTasks(1000) {
          @Override
          public List<Task> list(UserId user, TaskQuery query) {
            threads.add(Thread.currentThread().getName().toLowerCase(Locale.ROOT));
            return super.list(user, query);
          }
        };
    try (TestService service = service(store)) {
      assertComplete(1000, service.get(TASKS).body());
    }
    assertTrue(threads.stream().noneMatch(name -> name.contains("eventloop")), threads::toString);
  }

  /** Waits until the server has closed a connection that was idle: at least the timeout. */
  private static void outwaitTheIdleTimeout(TestService service) throws IOException {
    try (Socket idle = service.connect()) {
      assertEquals(-1, idle.getInputStream().read());
    }
  }

  /** Everything that is left, up to the end or the break. */
  private static String rest(InputStream in) throws IOException {
    StringBuilder tail = new StringBuilder();
    byte[] buffer = new byte[100_000];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        tail.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
        tail.delete(0, Math.max(0, tail.length() - 100));
      }
    } catch (SocketException e) {
      tail.append("reset"); // a break that can't be overlooked
    }
    return tail.toString();
  }

  @Test
  void aClientThatDoesNotReadCostsAFewPagesAndIsClosedInTheEnd() throws IOException {
    WatchedStore store = new ManyTasks(ENDLESS);
    try (Warnings warnings = new Warnings();
        TestService service =
            service(
                store,
                "micronaut.server.idle-timeout",
                "1s",
                "taskport.http.slow-reader-allowance",
                "1s");
        Socket socket = service.connect()) {
      socket.getOutputStream().write(get("1.1").getBytes(StandardCharsets.US_ASCII));
      assertEquals('H', socket.getInputStream().read());

      outwaitTheIdleTimeout(service);
      outwaitTheIdleTimeout(service);

      int pages = store.pages.get();
      assertTrue(
          pages < 300, pages + " pages of 100 KB were read"); // the kernel's buffers hold most
      assertFalse(rest(socket.getInputStream()).endsWith(LAST_CHUNK));
      assertEquals(pages, store.pages.get());
      assertEquals(List.of(), warnings.all());
    }
  }

  @Test
  void noPageIsReadForAClientThatHasGone() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch gone = new CountDownLatch(1);
    WatchedStore store =
        new ManyTasks(ENDLESS) {
          @Override
          public List<Task> list(UserId user, TaskQuery query) {
            List<Task> page = super.list(user, query);
            if (pages.get() == 3) {
              reading.countDown();
              await(gone);
            }
            return page;
          }
        };
    try (Warnings warnings = new Warnings();
        TestService service = service(store, "micronaut.server.idle-timeout", "1s")) {
      try (Socket socket = service.connect()) {
        socket.setSoLinger(true, 0);
        socket.getOutputStream().write(get("1.1").getBytes(StandardCharsets.US_ASCII));
        readIntoTheSecondPage(socket);
        await(reading);
      }
      outwaitTheIdleTimeout(service);
      gone.countDown();
      outwaitTheIdleTimeout(service);

      assertEquals(3, store.pages.get());
      assertEquals(List.of(), warnings.all());
    }
  }

  /** So far that the rest of it fits into the sockets' buffers. */
  private static void readIntoTheSecondPage(Socket socket) throws IOException {
    assertEquals(150_000, socket.getInputStream().readNBytes(150_000).length);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError("Reading a page was interrupted", e);
    }
  }

  @Test
  void aListThatOutlivesTheGraceOfAStopBreaksOff() throws IOException {
    TestService service = service(new ManyTasks(ENDLESS));
    try (service;
        Socket socket = service.connect()) {
      socket.getOutputStream().write(get("1.1").getBytes(StandardCharsets.US_ASCII));
      assertEquals('H', socket.getInputStream().read());

      service.stop(Duration.ofSeconds(1));

      assertFalse(rest(socket.getInputStream()).endsWith(LAST_CHUNK));
    }
  }

  @Test
  void aListUnderWayIsFinishedBeforeAStop() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    WatchedStore store =
        new ManyTasks(20_000) {
          @Override
          public List<Task> list(UserId user, TaskQuery query) {
            List<Task> page = super.list(user, query);
            if (pages.get() == 3) {
              reading.countDown();
            }
            return page;
          }
        };
    TestService service = service(store);
    try (service;
        Socket socket = service.connect()) {
      socket.getOutputStream().write(get("1.1").getBytes(StandardCharsets.US_ASCII));
      readIntoTheSecondPage(socket);
      await(reading);
      CompletableFuture<Void> stop =
          CompletableFuture.runAsync(() -> service.stop(Duration.ofSeconds(10)));

      assertTrue(rest(socket.getInputStream()).endsWith("}]" + LAST_CHUNK));
      stop.get(20, TimeUnit.SECONDS);
      assertEquals(200, store.pages.get());
    }
  }
}
