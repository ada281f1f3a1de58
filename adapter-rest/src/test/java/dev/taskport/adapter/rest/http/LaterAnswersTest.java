package dev.taskport.adapter.rest.http;

import static dev.taskport.adapter.rest.TestService.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.WatchedStore;
import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import io.micronaut.http.context.ServerRequestContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

/** Requests that wait, on one event loop that serves all connections. */
class LaterAnswersTest {
  private static final String TASKS = "/api/ann/tasks";
  private static final String TASK = TASKS + "/01990000-0000-7000-8000-00000000000a";

  /** Keeps Ann's calls until they are let go. */
  private static final class KeptCalls extends WatchedStore {
    private final CountDownLatch letGo = new CountDownLatch(1);
    private final BlockingQueue<String> begun = new LinkedBlockingQueue<>();

    /** By which request the next call is made. */
    String next() throws InterruptedException {
      return String.valueOf(begun.poll(20, TimeUnit.SECONDS));
    }

    private void keep(UserId user) {
      if (!user.value().equals("ann")) {
        return;
      }
      String method =
          ServerRequestContext.currentRequest().map(one -> one.getMethodName()).orElse("none");
      begun.add(method + " " + MDC.get("request_id"));
      try {
        assertTrue(letGo.await(20, TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        throw new AssertionError("Interrupted", e);
      }
    }

    @Override
    public Optional<Task> find(UserId user, TaskId id) {
      keep(user);
      return super.find(user, id);
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

  private static TestService onOneLoop(KeptCalls store) {
    return new TestService(store, Map.of("micronaut.netty.event-loops.default.num-threads", 1));
  }

  private static void assertOthersAreServed(TestService service) {
    String task = service.create("bob", "Not kept waiting");
    assertEquals(200, service.bare("PATCH", task + "/complete").statusCode());
    assertEquals(200, service.bare("DELETE", task).statusCode());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "GET, " + TASK + ", none, 404",
        "POST, " + TASKS + ", {\"title\":\"t\"}, 201",
        "PUT, " + TASK + ", {\"title\":\"t\"}, 404",
        "PATCH, " + TASK + ", {\"title\":\"t\"}, 404",
        "PATCH, " + TASK + "/complete, none, 404",
        "DELETE, " + TASK + ", none, 404",
        "DELETE, " + TASK + "?permanently=true, none, 404"
      })
  void whileACallOfTheStoreTakesLongOthersAreServed(
      String method, String path, @Nullable String body, int status) throws Exception {
    KeptCalls store = new KeptCalls();
    try (TestService service = onOneLoop(store)) {
      CompletableFuture<Integer> kept =
          CompletableFuture.supplyAsync(
              () -> service.send(method, path, body, "X-Request-ID", "r-1").statusCode(),
              command -> new Thread(command).start());
      assertEquals(method + " r-1", store.next());

      assertOthersAreServed(service);

      store.letGo.countDown();
      assertEquals(status, kept.get(20, TimeUnit.SECONDS));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 13|{\"titl|e\":\"t\"}",
        "Transfer-Encoding: chunked|6\r\n{\"titl\r\n|7\r\ne\":\"t\"}\r\n0\r\n\r\n"
      })
  void whileABodyComesSlowlyOthersAreServedAndThenItIsCompleteOnce(String request)
      throws Exception {
    String[] parts = request.split("\\|", 3);
    KeptCalls store = new KeptCalls();
    store.letGo.countDown();
    try (TestService service = onOneLoop(store);
        Socket socket = service.connect()) {
      send(
          socket,
          head(
                  "POST " + TASKS + " HTTP/1.1",
                  "Host: localhost",
                  "X-Request-ID: r-2",
                  "Content-Type: application/json",
                  "Connection: close",
                  parts[0])
              + parts[1]);

      assertOthersAreServed(service);

      assertTrue(store.begun.isEmpty());
      send(socket, parts[2]);
      assertEquals("POST r-2", store.next());
      assertEquals("HTTP/1.1 201 Created", firstLine(socket));
      assertTrue(store.begun.isEmpty());
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  private static String firstLine(Socket socket) throws IOException {
    return new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
        .readLine();
  }
}
