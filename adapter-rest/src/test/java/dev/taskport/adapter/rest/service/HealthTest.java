package dev.taskport.adapter.rest.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.TestService;
import dev.taskport.domain.StoreHealth;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The probes of load balancers and orchestrators. */
class HealthTest {
  @Test
  void livenessNeverAsksTheDatabaseAndReadinessSeldomDoes() {
    AtomicInteger questions = new AtomicInteger();
    StoreHealth store =
        () -> {
          questions.incrementAndGet();
          return CompletableFuture.completedFuture(StoreHealth.State.DOWN);
        };
    try (TestService service = new TestService(new InMemoryTaskRepository(), Map.of(), store)) {
      for (int i = 0; i < 20; i++) {
        assertEquals(200, service.get("/health/liveness").statusCode());
      }
      assertEquals(0, questions.get());

      long start = System.nanoTime();
      int probes = 50;
      for (int i = 0; i < probes; i++) {
        assertEquals(503, service.get("/health/readiness").statusCode());
      }
      long seconds = (System.nanoTime() - start) / 1_000_000_000L;
      assertTrue(questions.get() <= 1 + seconds, questions + " questions in " + seconds + " s");

      questions.set(0);
      for (int i = 0; i < 5; i++) {
        assertEquals(503, service.get("/health").statusCode());
      }
      assertEquals(5, questions.get());
    }
  }

  @Tag("full")
  @Test
  void readinessIsToldInTimeAndRecovers() {
    AtomicInteger questions = new AtomicInteger();
    StoreHealth store =
        () ->
            questions.getAndIncrement() == 0
                ? new CompletableFuture<>()
                : CompletableFuture.completedFuture(StoreHealth.State.UP);
    try (TestService service = new TestService(new InMemoryTaskRepository(), Map.of(), store)) {
      long start = System.nanoTime();
      assertEquals(503, service.get("/health/readiness").statusCode());
      assertTrue(System.nanoTime() - start < 15_000_000_000L);

      HttpResponse<String> answer = service.get("/health/readiness");
      while (answer.statusCode() == 503 && System.nanoTime() - start < 60_000_000_000L) {
        answer = service.get("/health/readiness");
      }
      assertEquals(200, answer.statusCode());
    }
  }
}
