package dev.taskport.adapter.rest.changes;

import static dev.taskport.adapter.rest.ProblemAssertions.assertInvalidParameter;
import static dev.taskport.adapter.rest.TestService.head;
import static dev.taskport.testkit.SampleTasks.aTask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskport.adapter.rest.OpenApiDocument;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.WatchedStore;
import dev.taskport.adapter.rest.changes.EventReader.Event;
import dev.taskport.adapter.rest.token.TestTokens;
import dev.taskport.adapter.rest.token.TokenSettings;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.LogMark;
import dev.taskport.domain.changelog.LogReading;
import dev.taskport.domain.changelog.SyncPoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that keeps a stream open is told every change, also after a break. */
class EventsTest {
  private static final String TASKS = "/api/alice/tasks";
  private static final String EVENTS = TASKS + "/events";

  private final WatchedStore store = new WatchedStore();

  private TestService service(String... more) {
    return service(store, more);
  }

  private static TestService service(WatchedStore store, String... more) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("taskport.events.interval", "20ms");
    for (int i = 0; i < more.length; i += 2) {
      properties.put(more[i], more[i + 1]);
    }
    return new TestService(store, properties);
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static List<String> titles(List<Event> events) {
    return events.stream()
        .map(e -> OpenApiDocument.parse(e.data()).path("title").asText(e.type()))
        .toList();
  }

  @Test
  void everythingThatThereIsComesFirstThenEachChange() {
    try (TestService service = service()) {
      String first = service.create("alice", "a");
      service.create("alice", "b");
      try (EventReader events = EventReader.open(service, EVENTS)) {
        List<Event> beginning = events.untilComment();
        assertEquals(List.of("a", "b"), titles(beginning));
        assertEquals("task", beginning.get(0).type());
        assertEquals(service.get(first).body(), beginning.get(0).data());

        service.send("PATCH", first, "{\"title\":\"c\"}");
        Event changed = events.next();
        assertEquals("task", changed.type());
        assertEquals(service.get(first).body(), changed.data());

        service.bare("DELETE", first);
        Event deleted = events.next();
        assertEquals("deleted", deleted.type());
        assertTrue(
            deleted.data().matches("\\{\"id\":\"[^\"]*\",\"deleted_at\":\"[^\"]*Z\"}"),
            deleted.data());
        assertTrue(first.endsWith(OpenApiDocument.parse(deleted.data()).path("id").asText()));

        service.create("bob", "of another");
        service.bare("POST", first + "/restore");
        assertEquals(List.of("c"), titles(events.next(1)));
      }
    }
  }

  @Test
  void theHeadersKeepProxiesFromHoldingEventsBack() {
    try (TestService service = service()) {
      service.create("alice", "a".repeat(200));
      try (EventReader events =
          EventReader.open(
              service,
              EVENTS,
              "Accept",
              "text/event-stream",
              "Accept-Encoding",
              "gzip, br",
              "Origin",
              "http://localhost:3000")) {
        assertEquals(1, events.untilComment().size());
        assertEquals("text/event-stream", header(events.answer, "Content-Type"));
        assertEquals("no-cache, no-transform", header(events.answer, "Cache-Control"));
        assertEquals("no", header(events.answer, "X-Accel-Buffering"));
        assertEquals("", header(events.answer, "Content-Encoding"));
        assertEquals("", header(events.answer, "Content-Length"));
        assertEquals("http://localhost:3000", header(events.answer, "Access-Control-Allow-Origin"));
        assertEquals("true", header(events.answer, "Access-Control-Allow-Credentials"));
      }
      assertEquals(406, service.get(EVENTS, "Accept", "application/json").statusCode());
    }
  }

  @Test
  void theStreamBeginsWithTheTimeToWaitBeforeReconnecting() throws IOException {
    try (TestService service = service();
        Socket socket = service.connect()) {
      socket.getOutputStream().write(get());
      String begin = readUntil(socket.getInputStream(), ":\n\n");
      assertTrue(begin.matches("(?s).*\r\nretry: [12]\\d{3}\n\n\r\n.*"), begin);
    }
  }

  private static byte[] get() {
    return head("GET " + EVENTS + " HTTP/1.1", "Host: a").getBytes(StandardCharsets.US_ASCII);
  }

  private static String readUntil(InputStream in, String end) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(end) < 0) {
      int next = in.read();
      assertTrue(next >= 0, () -> "The stream ended: " + read);
      read.append((char) next);
    }
    return read.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Last-Event-ID", "lastEventId", "since"})
  void aStreamResumesWhereItBroke(String way) {
    try (TestService service = service()) {
      String kept = service.create("alice", "a");
      String deleted = service.create("alice", "b");
      String last;
      try (EventReader events = EventReader.open(service, EVENTS)) {
        events.next(2);
        last = events.lastId();
      }
      service.bare("DELETE", deleted);
      service.send("PATCH", kept, "{\"title\":\"c\"}");

      try (EventReader resumed =
          way.startsWith("L")
              ? EventReader.open(service, EVENTS + "?since=", way, last)
              : EventReader.open(service, EVENTS + "?" + way + "=" + last)) {
        assertEquals(List.of("deleted", "c"), titles(resumed.untilComment()));
      }
    }
  }

  @Test
  void theLastEventComesBeforeThePlaceWhereThePageBegan() {
    try (TestService service = service()) {
      service.create("alice", "a");
      String since = json(service.get(TASKS + "/changes")).path("next").asText();
      service.create("alice", "b");
      String last = json(service.get(TASKS + "/changes")).path("next").asText();
      service.create("alice", "c");

      String path = EVENTS + "?since=" + since;
      for (List<Event> events :
          List.of(
              read(service, path),
              read(service, path + "&lastEventId=" + last),
              read(service, path, "Last-Event-ID", last),
              read(service, path + "&lastEventId=" + since, "Last-Event-ID", last))) {
        assertEquals("c", titles(events).get(events.size() - 1));
        assertEquals(events.size() == 2 ? List.of("b", "c") : List.of("c"), titles(events));
      }
      assertEquals(2, read(service, path).size());
      assertEquals(1, read(service, path, "Last-Event-ID", last).size());
      assertEquals(1, read(service, path + "&lastEventId=" + last).size());
    }
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return OpenApiDocument.parse(answer.body());
  }

  private static List<Event> read(TestService service, String path, String... headers) {
    try (EventReader events = EventReader.open(service, path, headers)) {
      return events.untilComment();
    }
  }

  @Test
  void aTokenThatDoesntHelpResetsTheClient() {
    try (TestService other = service(new WatchedStore());
        TestService service = service()) {
      other.create("alice", "before the backup was restored");
      String old = json(other.get(TASKS + "/changes")).path("next").asText();
      service.create("alice", "a");

      for (List<Event> events :
          List.of(
              read(service, EVENTS, "Last-Event-ID", old),
              read(service, EVENTS, "Last-Event-ID", "nonsense"),
              read(service, EVENTS + "?since=" + old))) {
        assertEquals(List.of("reset", "a"), titles(events));
        assertEquals(new Event("", "reset", "{}"), events.get(0));
      }
      String damaged =
          "since is damaged, or of another user; send a token as it came, or start again without";
      assertInvalidParameter("since", damaged, service.get(EVENTS + "?since=nonsense"));
      assertInvalidParameter("since", damaged, service.get("/api/bob/tasks/events?since=" + old));
    }
  }

  @Test
  void longCopiesComeInPages() {
    try (TestService service = service()) {
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 250; i++) {
        service.send(
            "POST",
            TASKS,
            "{\"title\":\"Task %d\",\"description\":\"%s\"}".formatted(i, "x".repeat(1000)));
        expected.add("Task " + i);
      }
      assertEquals(expected, titles(read(service, EVENTS)));
    }
  }

  @Test
  void headAnswersWithoutAStream() {
    try (TestService service = service()) {
      HttpResponse<String> answer = service.bare("HEAD", EVENTS);

      assertEquals(200, answer.statusCode());
      assertEquals("text/event-stream", header(answer, "Content-Type"));
      assertEquals(0, store.readings.get());
    }
  }

  @Tag("full")
  @Test
  void heartbeatsKeepAnIdleConnectionOpen() throws IOException {
    try (TestService service =
            service("taskport.events.heartbeat", "100ms", "micronaut.server.idle-timeout", "1s");
        EventReader events = EventReader.open(service, EVENTS)) {
      outwaitTheIdleTimeout(service);
      outwaitTheIdleTimeout(service);
      service.create("alice", "a");

      assertEquals(List.of("a"), titles(events.next(1)));
    }
  }

  /** Waits until the server has closed a connection that was idle: at least the timeout. */
  private static void outwaitTheIdleTimeout(TestService service) throws IOException {
    try (Socket idle = service.connect()) {
      assertEquals(-1, idle.getInputStream().read());
    }
  }

  @Test
  void theStreamEndsWhenTheTokenExpires() {
    try (TestService secured =
        new TestService(
            store,
            Map.of("taskport.events.interval", "20ms"),
            new TokenSettings(TestTokens.SECRET, null, "sub", null, null, Duration.ZERO))) {
      String token =
          TestTokens.hs256(
              TestTokens.HS256, "{\"sub\":\"alice\",\"exp\":" + TestTokens.seconds(2) + "}");
      try (EventReader events =
              EventReader.open(secured, "/api/tasks/events", "Authorization", "Bearer " + token);
          EventReader longer =
              EventReader.open(
                  secured, EVENTS, "Authorization", "Bearer " + TestTokens.of("alice"))) {
        assertEquals("end", events.next().type());
        secured.send(
            "POST",
            TASKS,
            "{\"title\":\"a\"}",
            "Authorization",
            "Bearer " + TestTokens.of("alice"));
        assertEquals(List.of("a"), titles(longer.next(1)));
      }
    }
  }

  @Test
  void aStreamEndsAfterItsLifetime() {
    try (TestService service = service("taskport.events.lifetime", "100ms");
        EventReader events = EventReader.open(service, EVENTS)) {
      assertEquals("end", events.next().type());
    }
  }

  @Test
  void oneUserOpensOnlySoManyStreams() {
    try (TestService service =
        service("taskport.events.max-per-user", "2", "taskport.events.max-streams", "3")) {
      try (EventReader first = EventReader.open(service, EVENTS);
          EventReader second = EventReader.open(service, EVENTS)) {
        first.untilComment();
        second.untilComment();
        HttpResponse<String> refused = service.get(EVENTS);
        assertEquals(429, refused.statusCode());
        assertEquals("30", header(refused, "Retry-After"));
        try (EventReader bobs = EventReader.open(service, "/api/bob/tasks/events")) {
          bobs.untilComment();
          assertEquals(503, service.get("/api/carol/tasks/events").statusCode());
        }
      }
      awaitNoStream(service);
      read(service, EVENTS);
    }
  }

  private static void awaitNoStream(TestService service) {
    EventStreams streams = service.bean(EventStreams.class);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (streams.open() > 0) {
      assertTrue(System.nanoTime() < deadline, "A stream whose client has gone stays open");
      Thread.onSpinWait();
    }
  }

  @Tag("full")
  @Test
  void theStoreIsAskedOnceForAllAndNotAtAllWithoutStreams() throws IOException {
    ConcurrentLinkedQueue<Set<UserId>> asked = new ConcurrentLinkedQueue<>();
    WatchedStore watched =
        new WatchedStore() {
          @Override
          public Map<UserId, LogMark> marks(Set<UserId> users) {
            asked.add(users);
            return super.marks(users);
          }
        };
    try (TestService service = service(watched, "micronaut.server.idle-timeout", "1s")) {
      outwaitTheIdleTimeout(service);
      assertEquals(List.of(), List.copyOf(asked));

      try (EventReader first = EventReader.open(service, EVENTS);
          EventReader second = EventReader.open(service, EVENTS);
          EventReader bobs = EventReader.open(service, "/api/bob/tasks/events")) {
        first.untilComment();
        second.untilComment();
        bobs.untilComment();
        asked.clear();
        service.create("bob", "b");
        bobs.next();
        int readings = watched.readings.get();
        service.create("alice", "a");
        first.next();
        second.next();

        Set<UserId> both = Set.of(UserId.parse("alice"), UserId.parse("bob"));
        assertFalse(asked.isEmpty());
        assertTrue(asked.stream().allMatch(both::equals), asked.toString());
        assertEquals(readings + 1, watched.readings.get(), "Each stream has read for itself");
      }
      awaitNoStream(service);
      outwaitTheIdleTimeout(service);
      asked.clear();
      outwaitTheIdleTimeout(service);
      assertEquals(List.of(), List.copyOf(asked));
    }
  }

  @Test
  void aStreamOutlivesAnOutageOfTheStore() {
    AtomicBoolean down = new AtomicBoolean(true);
    WatchedStore failing =
        new WatchedStore() {
          private void check() {
            if (down.get()) {
              throw new StoreUnavailableException("lost", new IllegalStateException());
            }
          }

          @Override
          public LogReading read(UserId user, @Nullable SyncPoint since, int limit) {
            LogReading reading = super.read(user, since, limit);
            check();
            return reading;
          }

          @Override
          public Map<UserId, LogMark> marks(Set<UserId> users) {
            Map<UserId, LogMark> marks = super.marks(users);
            check();
            return marks;
          }
        };
    try (TestService service = service(failing, "taskport.events.heartbeat", "50ms");
        EventReader events = EventReader.open(service, EVENTS)) {
      service.create("alice", "a");
      assertEquals("comment", events.nextOrComment().type());
      down.set(false);
      assertEquals(List.of("a"), titles(events.next(1)));

      down.set(true);
      int watches = failing.watches.get();
      service.create("alice", "b");
      while (failing.watches.get() < watches + 3) {
        assertEquals("comment", events.nextOrComment().type());
      }
      down.set(false);
      assertEquals(List.of("b"), titles(events.next(1)));
    }
  }

  @Test
  void aClientThatTakesNothingIsCutAndCostsAFewPages() throws Exception {
    int pages = 400; // of 64 KB: more than all buffers between the service and the client hold
    for (int i = 0; i < pages * 20; i++) {
      store.putStored(aTask().of(UserId.parse("alice")).described("€".repeat(1000)).build());
    }
    try (TestService service = service("taskport.events.heartbeat", "200ms");
        Socket slow = service.connect();
        EventReader quick = EventReader.open(service, "/api/bob/tasks/events")) {
      quick.untilComment();
      slow.getOutputStream().write(get());
      assertEquals('H', slow.getInputStream().read());
      EventStreams streams = service.bean(EventStreams.class);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (streams.open() > 1) {
        assertTrue(System.nanoTime() < deadline, "The client that takes nothing is not cut");
        Thread.onSpinWait();
      }

      assertTrue(store.readings.get() < pages, store.readings + " pages were read");
      drain(slow.getInputStream());
      service.create("bob", "b");
      assertEquals(List.of("b"), titles(quick.next(1)));
    }
  }

  /** Reads up to the end, which must come. */
  private static void drain(InputStream in) throws IOException {
    try {
      while (in.read() >= 0) {
        in.skipNBytes(in.available());
      }
    } catch (SocketException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("reset"), e.getMessage());
    }
  }

  @Test
  void aStopEndsTheStreamsAtOnce() throws Exception {
    TestService service =
        service(
            "micronaut.lifecycle.graceful-shutdown.enabled",
            "true",
            "micronaut.lifecycle.graceful-shutdown.grace-period",
            "60s");
    try (service;
        EventReader events = EventReader.open(service, EVENTS)) {
      events.untilComment();

      CompletableFuture.runAsync(service::close).get(30, TimeUnit.SECONDS);

      assertEquals("end", events.next().type());
    }
  }

  @Test
  void followersThatComeAndGoMissNothing() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (TestService service = service()) {
      List<String> paths = new ArrayList<>();
      Map<String, String> copy = new TreeMap<>();
      String last = "";
      for (int round = 0; round < 20; round++) {
        try (EventReader events =
            last.isEmpty()
                ? EventReader.open(service, EVENTS)
                : EventReader.open(service, EVENTS, "Last-Event-ID", last)) {
          for (int i = 0; i < 10; i++) {
            changeSomething(service, random, paths, i);
          }
          // Breaks off anywhere: what was sent and not read is lost.
          for (int i = random.nextInt(6); i > 0; i--) {
            Event event = events.nextOrComment();
            apply(event, copy);
            last = event.id();
          }
        }
      }
      for (Event event :
          last.isEmpty() ? read(service, EVENTS) : read(service, EVENTS, "Last-Event-ID", last)) {
        apply(event, copy);
      }
      Map<String, String> tasks = new TreeMap<>();
      json(service.get(TASKS))
          .forEach(task -> tasks.put(task.path("id").asText(), task.toString()));
      assertEquals(tasks, copy, "Seed " + seed);
    }
  }

  private static void changeSomething(
      TestService service, Random random, List<String> paths, int number) {
    String path = paths.isEmpty() ? "" : paths.get(random.nextInt(paths.size()));
    switch (paths.isEmpty() ? 0 : random.nextInt(5)) {
      case 0, 1 -> paths.add(service.create("alice", "Task " + number));
      case 2 -> service.send("PATCH", path, "{\"title\":\"Changed " + number + "\"}");
      case 3 -> service.bare("DELETE", path);
      default -> service.bare("POST", path + "/restore");
    }
  }

  private static void apply(Event event, Map<String, String> copy) {
    if (event.type().equals("comment")) {
      return;
    }
    String id = OpenApiDocument.parse(event.data()).path("id").asText();
    switch (event.type()) {
      case "task" -> copy.put(id, event.data());
      case "deleted" -> copy.remove(id);
      default -> throw new AssertionError("Unexpected: " + event);
    }
  }
}
