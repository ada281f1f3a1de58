package dev.taskport.adapter.rest.operation;

import static dev.taskport.adapter.rest.ProblemAssertions.assertProblem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.WatchedStore;
import dev.taskport.domain.TaskSummary;
import dev.taskport.domain.UserId;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** More requests than can be carried out at once. */
class RequestLimitTest {
  @Test
  void manyClientsAtOnceAreAllServedAsLongAsTheyAreServedSoon() throws Exception {
    try (TestService service =
        new TestService(
            new WatchedStore(),
            Map.of(
                "taskport.http.concurrent-requests",
                3,
                "taskport.http.most-concurrent-requests",
                200))) {
      List<CompletableFuture<List<Integer>>> clients = new ArrayList<>();
      for (int client = 0; client < 64; client++) {
        clients.add(
            CompletableFuture.supplyAsync(
                () ->
                    Stream.generate(() -> service.get("/api/ann/tasks").statusCode())
                        .limit(50)
                        .toList(),
                command -> new Thread(command).start()));
      }
      for (CompletableFuture<List<Integer>> client : clients) {
        assertEquals(Collections.nCopies(50, 200), client.get(60, TimeUnit.SECONDS));
      }
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
            try {
              assertTrue(end.await(20, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
              throw new AssertionError("Interrupted", e);
            }
            return super.summarize(user);
          }
        };
    try (TestService service =
        new TestService(
            slow,
            Map.of(
                "taskport.http.concurrent-requests",
                3,
                "taskport.http.most-concurrent-requests",
                3))) {
      List<CompletableFuture<HttpResponse<String>>> accepted = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        accepted.add(
            CompletableFuture.supplyAsync(
                () -> service.get("/api/ann/tasks/summary"),
                command -> new Thread(command).start()));
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
}
