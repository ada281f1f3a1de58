package dev.taskport.adapter.rest.operation;

import static dev.taskport.adapter.rest.ProblemAssertions.assertProblem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.WatchedStore;
import dev.taskport.adapter.rest.token.TestTokens;
import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskSummary;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.async.AsyncTaskRepository;
import dev.taskport.domain.async.ThreadedTaskRepository;
import io.micronaut.context.ApplicationContext;
import io.micronaut.core.propagation.PropagatedContext;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.context.ServerRequestContext;
import io.micronaut.inject.qualifiers.Qualifiers;
import io.micronaut.scheduling.TaskExecutors;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More requests than can be carried out at once. */
class RequestLimitTest {
  private static Map<String, Object> limits(int always, int most) {
    return Map.of(
        "taskport.http.concurrent-requests",
        always,
        "taskport.http.most-concurrent-requests",
        most);
  }

  private static Map<String, Object> with(Map<String, Object> settings, String name, Object value) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put(name, value);
    return all;
  }

  private static <T> CompletableFuture<T> onAThread(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, command -> new Thread(command).start());
  }

  @Test
  void manyClientsAtOnceAreAllServedAsLongAsTheyAreServedSoon() throws Exception {
    // A machine that stalls doesn't serve them soon. So once must do.
    List<List<Integer>> refusals = new ArrayList<>();
    do {
      assertTrue(refusals.size() < 10, "Each time some were refused: " + refusals);
      refusals.add(refusalsToManyClients());
    } while (!refusals.get(refusals.size() - 1).isEmpty());
  }

  private static List<Integer> refusalsToManyClients() throws Exception {
    try (TestService service = new TestService(new WatchedStore(), limits(3, 200))) {
      List<CompletableFuture<List<Integer>>> clients = new ArrayList<>();
      for (int client = 0; client < 64; client++) {
        clients.add(
            onAThread(
                () ->
                    Stream.generate(() -> service.get("/api/ann/tasks").statusCode())
                        .limit(50)
                        .filter(status -> status != 200)
                        .toList()));
      }
      List<Integer> refusals = new ArrayList<>();
      for (CompletableFuture<List<Integer>> client : clients) {
        refusals.addAll(client.get(60, TimeUnit.SECONDS));
      }
      return refusals;
    }
  }

  @Test
  void tooManyAreRefusedAtOnceAndHealthIsNot() throws Exception {
    CountDownLatch running = new CountDownLatch(3);
    CountDownLatch end = new CountDownLatch(1);
    WatchedStore slow =
        new WatchedStore() {
          @Override
          public TaskSummary summarize(UserId user) {
            running.countDown();
            awaitThe(end);
            return super.summarize(user);
          }
        };
    try (TestService service = new TestService(slow, limits(3, 3))) {
      List<CompletableFuture<HttpResponse<String>>> accepted = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        accepted.add(onAThread(() -> service.get("/api/ann/tasks/summary")));
      }
      assertTrue(running.await(20, TimeUnit.SECONDS));

      for (int i = 0; i < 20; i++) {
        HttpResponse<String> refused = service.get("/api/ann/tasks");
        assertProblem(
            503, "Service Unavailable", "The service is too busy now; try again soon", refused);
        assertEquals("2", refused.headers().firstValue("Retry-After").orElse("none"));
      }
      assertEquals(200, service.get("/health").statusCode());

      end.countDown();
      for (CompletableFuture<HttpResponse<String>> one : accepted) {
        assertEquals(200, one.get(20, TimeUnit.SECONDS).statusCode());
      }
      assertEquals(200, service.get("/api/ann/tasks").statusCode());
    }
  }

  @Test
  void theFloodOfOneUserIsRefusedAndTheRequestsOfOthersAreServed() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    CountDownLatch end = new CountDownLatch(1);
    WatchedStore slowForAnn =
        new WatchedStore() {
          @Override
          public TaskSummary summarize(UserId user) {
            if (user.value().equals("ann")) {
              told.add("under way");
              awaitThe(end);
            }
            return super.summarize(user);
          }
        };
    try (TestService service = new TestService(slowForAnn, limits(4, 8), TestTokens.settings())) {
      List<CompletableFuture<Integer>> flood = new ArrayList<>();
      do {
        assertTrue(flood.size() < 50, "None is refused");
        flood.add(
            onAThread(
                () -> {
                  int status = service.get("/api/tasks/summary", by("ann")).statusCode();
                  told.add("answered");
                  return status;
                }));
      } while ("under way".equals(told.poll(20, TimeUnit.SECONDS)));

      for (int i = 0; i < 20; i++) {
        assertEquals(503, service.get("/api/tasks/summary", by("ann")).statusCode());
        assertEquals(200, service.get("/api/tasks/summary", by("bob")).statusCode());
        assertEquals(200, service.get("/api/tasks", by("user" + i)).statusCode());
      }

      end.countDown();
      CompletableFuture<Integer> refused = flood.remove(flood.size() - 1);
      assertEquals(503, refused.get(20, TimeUnit.SECONDS));
      for (CompletableFuture<Integer> one : flood) {
        assertEquals(200, one.get(20, TimeUnit.SECONDS));
      }
      assertEquals(200, service.get("/api/tasks/summary", by("ann")).statusCode());
    }
  }

  @Test
  void itDoesNotMatterToOthersThatTheBodiesOfAFloodComeLater() throws Exception {
    CountDownLatch underWay = new CountDownLatch(8);
    CountDownLatch end = new CountDownLatch(1);
    WatchedStore slowForAnn =
        new WatchedStore() {
          @Override
          public CreateResult create(UserId user, NewTask task, @Nullable IdempotencyKey key) {
            if (user.value().equals("ann")) {
              underWay.countDown();
              awaitThe(end);
            }
            return super.create(user, task, key);
          }
        };
    try (TestService service = new TestService(slowForAnn, limits(4, 10), TestTokens.settings())) {
      List<Socket> flood = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Socket socket = service.connect();
        flood.add(socket);
        send(
            socket,
            TestService.head(
                "POST /api/tasks HTTP/1.1",
                "Host: localhost",
                "Authorization: Bearer " + TestTokens.of("ann"),
                "Content-Type: application/json",
                "Content-Length: 13",
                "Expect: 100-continue"));
        awaitAnswer(socket, "HTTP/1.1 100 ");
      }
      for (Socket socket : flood) {
        send(socket, "{\"title\":\"t\"}");
      }
      awaitThe(underWay);

      assertEquals(503, service.get("/api/tasks", by("ann")).statusCode());
      assertEquals(200, service.get("/api/tasks", by("bob")).statusCode());

      end.countDown();
      for (Socket socket : flood) {
        awaitAnswer(socket, "HTTP/1.1 201 ");
        socket.close();
      }
    }
  }

  @Test
  void whatTheRestOfLongListsTakesIsTheirCallers() throws Exception {
    CountDownLatch underWay = new CountDownLatch(4);
    CountDownLatch end = new CountDownLatch(1);
    WatchedStore slowAfterTheFirstPage =
        new WatchedStore() {
          @Override
          public List<Task> list(UserId user, TaskQuery query) {
            if (query.start() instanceof PageStart.After) {
              underWay.countDown();
              awaitThe(end);
            }
            return super.list(user, query);
          }
        };
    try (TestService service =
        new TestService(
            slowAfterTheFirstPage,
            with(limits(4, 8), "taskport.lists.page-size", 1),
            TestTokens.settings())) {
      for (int i = 0; i < 2; i++) {
        assertEquals(
            201, service.send("POST", "/api/tasks", "{\"title\":\"t\"}", by("ann")).statusCode());
      }
      List<CompletableFuture<Integer>> lists = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        lists.add(onAThread(() -> service.get("/api/tasks", by("ann")).statusCode()));
      }
      awaitThe(underWay);

      assertEquals(503, service.get("/api/tasks", by("ann")).statusCode());
      assertEquals(200, service.get("/api/tasks", by("bob")).statusCode());

      end.countDown();
      for (CompletableFuture<Integer> list : lists) {
        assertEquals(200, list.get(20, TimeUnit.SECONDS));
      }
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Reads up to the end of a line that begins so. */
  private static void awaitAnswer(Socket socket, String begin) throws IOException {
    StringBuilder line = new StringBuilder();
    while (line.indexOf(begin) != 0 || line.charAt(line.length() - 1) != '\n') {
      if (line.length() > 0 && line.charAt(line.length() - 1) == '\n') {
        line.setLength(0);
      }
      int next = socket.getInputStream().read();
      assertTrue(next >= 0, "The connection ended");
      line.append((char) next);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ofThoseThatWaitTheFirstOfEachUserComesFirst(boolean countedAlready) throws Exception {
    try (TestService service = new TestService(new WatchedStore(), limits(1, 1))) {
      ExecutorService threads =
          service
              .bean(ApplicationContext.class)
              .getBean(ExecutorService.class, Qualifiers.byName(TaskExecutors.BLOCKING));
      CountDownLatch begin = new CountDownLatch(1);
      BlockingQueue<String> order = new LinkedBlockingQueue<>();

      Map<String, Integer> sent = new HashMap<>();
      for (String user : List.of("ann", "ann", "ann", "ann", "bob", "bob", "cleo")) {
        int number = sent.merge(user, 1, Integer::sum);
        HttpRequest<?> request = HttpRequest.GET("/");
        request.setUserPrincipal(() -> user);
        if (countedAlready) {
          service.bean(RequestLimit.class).begin(request, end -> {});
        }
        ServerRequestContext.with(
            request,
            (Runnable)
                () ->
                    threads.execute(
                        () -> {
                          awaitThe(begin);
                          order.add(user + number);
                        }));
      }
      begin.countDown();

      List<String> carriedOut = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        carriedOut.add(order.poll(20, TimeUnit.SECONDS));
      }
      assertEquals(List.of("ann1", "bob1", "cleo1", "ann2", "bob2", "ann3", "ann4"), carriedOut);
    }
  }

  @Test
  void soItIsAmongThoseThatWaitForNoThread() throws Exception {
    try (TestService service = new TestService(new WatchedStore(), limits(1, 1))) {
      List<String> carriedOut = new ArrayList<>();
      Queue<Runnable> ends = new ArrayDeque<>();
      Map<String, Integer> sent = new HashMap<>();
      for (String user : List.of("ann", "ann", "ann", "bob", "bob", "cleo")) {
        int number = sent.merge(user, 1, Integer::sum);
        HttpRequest<?> request = HttpRequest.GET("/");
        request.setUserPrincipal(() -> user);
        service
            .bean(RequestLimit.class)
            .begin(
                request,
                end -> {
                  carriedOut.add(user + number);
                  ends.add(end);
                });
      }

      for (int i = 1; i <= 6; i++) {
        assertEquals(i, carriedOut.size());
        ends.remove().run();
      }

      assertEquals(List.of("ann1", "bob1", "cleo1", "ann2", "bob2", "ann3"), carriedOut);
    }
  }

  @Test
  void thoseThatWaitedAndAreDoneAtOnceDoNotFillTheStack() throws Exception {
    try (TestService service = new TestService(new WatchedStore(), limits(1, 1))) {
      RequestLimit limit = service.bean(RequestLimit.class);
      List<Runnable> first = new ArrayList<>();
      List<Integer> depths = new ArrayList<>();
      limit.begin(HttpRequest.GET("/"), first::add);
      for (int i = 0; i < 100; i++) {
        limit.begin(
            HttpRequest.GET("/"),
            end -> {
              depths.add(Thread.currentThread().getStackTrace().length);
              end.run();
            });
      }

      first.get(0).run();

      assertEquals(100, depths.size());
      assertEquals(Set.of(depths.get(0)), Set.copyOf(depths));
    }
  }

  /** Keeps Ann's calls until they are let go, and fails Eve's. */
  private static final class KeptCalls extends WatchedStore {
    private final Semaphore begun = new Semaphore(0);
    private final Semaphore letGo = new Semaphore(0);

    void awaitBegun(int calls) throws InterruptedException {
      assertTrue(begun.tryAcquire(calls, 20, TimeUnit.SECONDS));
    }

    private void keep(UserId user) {
      if (user.value().equals("eve")) {
        throw new IllegalStateException("planted");
      }
      if (user.value().equals("ann")) {
        begun.release();
        try {
          assertTrue(letGo.tryAcquire(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
          throw new AssertionError("Interrupted", e);
        }
      }
    }

    @Override
    public Optional<Task> find(UserId user, TaskId id) {
      keep(user);
      return super.find(user, id);
    }

    @Override
    public List<Task> list(UserId user, TaskQuery query) {
      keep(user);
      return super.list(user, query);
    }

    @Override
    public CreateResult create(UserId user, NewTask task, @Nullable IdempotencyKey key) {
      keep(user);
      return super.create(user, task, key);
    }

    @Override
    public WriteResult change(
        UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now) {
      keep(user);
      return super.change(user, id, change, precondition, now);
    }

    @Override
    public WriteResult delete(UserId user, TaskId id, Precondition precondition) {
      keep(user);
      return super.delete(user, id, precondition);
    }

    @Override
    public WriteResult deletePermanently(UserId user, TaskId id, Precondition precondition) {
      keep(user);
      return super.deletePermanently(user, id, precondition);
    }
  }

  private static final String TASK = "/tasks/01990000-0000-7000-8000-ffffffffffff";

  @Test
  void aRequestThatWaitsForItsResultIsUnderWayOnceUntilItIsAnswered() throws Exception {
    KeptCalls store = new KeptCalls();
    try (TestService service = new TestService(store, limits(3, 3))) {
      assertEachIsUnderWayOnce(service, store);
    }
  }

  @Test
  void soIsOneWhoseResultComesFromAThreadOfTheRequests() throws Exception {
    KeptCalls store = new KeptCalls();
    AtomicReference<@Nullable Executor> threads = new AtomicReference<>();
    AsyncTaskRepository async =
        new ThreadedTaskRepository(
            call ->
                Objects.requireNonNull(threads.get()).execute(PropagatedContext.wrapCurrent(call)),
            store,
            store);
    try (TestService service = new TestService(store, limits(3, 3), async)) {
      threads.set(
          service
              .bean(ApplicationContext.class)
              .getBean(ExecutorService.class, Qualifiers.byName(TaskExecutors.BLOCKING)));
      assertEachIsUnderWayOnce(service, store);
    }
  }

  /** Requests whose results come later. */
  private enum Kind {
    GET("GET", TASK, null, 404),
    LIST("GET", "/tasks?limit=10", null, 200),
    CREATE("POST", "/tasks", "{\"title\":\"t\"}", 201),
    EDIT("PATCH", TASK, "{\"title\":\"t\"}", 404),
    PUT("PUT", TASK, "{\"title\":\"t\"}", 404),
    COMPLETE("PATCH", TASK + "/complete", null, 404),
    DELETE("DELETE", TASK, null, 404);

    private final String method;
    private final String path;
    private final @Nullable String body;
    private final int status;

    Kind(String method, String path, @Nullable String body, int status) {
      this.method = method;
      this.path = path;
      this.body = body;
      this.status = status;
    }

    int send(TestService service, String user) {
      return service.send(method, "/api/" + user + path, body).statusCode();
    }
  }

  private static void assertEachIsUnderWayOnce(TestService service, KeptCalls store)
      throws Exception {
    for (Kind kind : Kind.values()) {
      List<CompletableFuture<Integer>> kept = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        kept.add(onAThread(() -> kind.send(service, "ann")));
      }
      store.awaitBegun(2);
      for (Kind other : Kind.values()) {
        assertEquals(other.status, other.send(service, "bob"), "Two count as two: " + kind);
        assertEquals(500, other.send(service, "eve"));
      }

      kept.add(onAThread(() -> kind.send(service, "ann")));
      store.awaitBegun(1);
      for (Kind other : Kind.values()) {
        assertEquals(503, other.send(service, "bob"), "Three count as three: " + kind);
      }

      store.letGo.release(3);
      for (CompletableFuture<Integer> one : kept) {
        assertEquals(kind.status, one.get(20, TimeUnit.SECONDS));
      }
    }
  }

  @Test
  void aRequestWhoseCallCannotEvenBeginIsUnderWayNoLonger() {
    WatchedStore store = new WatchedStore();
    AsyncTaskRepository broken =
        mock(
            AsyncTaskRepository.class,
            call -> {
              throw new IllegalStateException("planted");
            });
    try (TestService service = new TestService(store, limits(1, 1), broken)) {
      for (int i = 0; i < 5; i++) {
        for (Kind kind : Kind.values()) {
          assertEquals(500, kind.send(service, "ann"));
        }
      }
    }
  }

  private static String[] by(String user) {
    return new String[] {"Authorization", "Bearer " + TestTokens.of(user)};
  }

  private static void awaitThe(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError("Interrupted", e);
    }
  }
}
