package dev.taskport.adapter.postgres.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.PostgresStore;
import dev.taskport.adapter.postgres.StoreDatabase;
import dev.taskport.domain.Search;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import dev.taskport.testkit.SampleTasks;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Searches and counts that take long leave connections to everybody else. */
class LongReadsTest {
  private static final StoreDatabase DATABASE = StoreDatabase.create();
  private static final PostgresStore STORE =
      PostgresStore.on(
          DATABASE, DATABASE.jdbcUrl(), Map.of("datasources.default.maximum-pool-size", 2));

  private final TaskRepository repository = STORE.repository();
  private final UserId user = SampleTasks.someUser();
  private final TaskFilter search =
      new TaskFilter(null, Search.parse("milk"), null, null, null, null);

  @AfterAll
  static void stop() {
    STORE.close();
  }

  @Timeout(60)
  @Test
  void aUsersSearchesLeaveThoseOfOthersTheirTurn() throws Exception {
    LongReads reads = new LongReads(STORE.context().getBean(Statements.class), 4);
    UserId other = SampleTasks.someUser();
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    AtomicInteger atOnce = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Supplier<Integer> slow =
        () -> {
          most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
          begun.countDown();
          await(end);
          return atOnce.decrementAndGet();
        };
    List<Thread> threads = new ArrayList<>();
    List<CompletableFuture<Integer>> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      all.add(
          CompletableFuture.supplyAsync(
              () -> reads.run(user, slow),
              command -> {
                Thread thread = new Thread(command);
                threads.add(thread);
                thread.start();
              }));
    }
    await(begun);
    for (Thread thread : threads) {
      while (thread.getState() != Thread.State.TIMED_WAITING) { // as all who wait for a turn are
        Thread.onSpinWait();
      }
    }

    assertEquals(7, reads.run(other, () -> 7));
    StoreUnavailableException refused =
        assertThrows(StoreUnavailableException.class, () -> reads.run(user, () -> 0));

    end.countDown();

    assertEquals(StoreUnavailableException.Reason.BUSY, refused.reason());
    for (CompletableFuture<Integer> one : all) {
      assertEquals(0, one.get(20, TimeUnit.SECONDS));
    }
    assertEquals(1, most.get());
    assertEquals(8, reads.run(user, () -> 8));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError("Interrupted", e);
    }
  }

  @Tag("full")
  @Test
  void theyHoldHalfOfTheConnectionsAtMost() throws Exception {
    SampleTasks.aTask().of(user).storedIn(repository);
    CompletableFuture<Long> slow;
    try (Connection other = DATABASE.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE tasks");
      slow = CompletableFuture.supplyAsync(() -> repository.count(user, search));
      DATABASE.awaitWaiting();

      UserId another = SampleTasks.someUser();
      assertThrows(StoreUnavailableException.class, () -> repository.count(another, search));

      assertTrue(STORE.backend() > 0); // the other connection is free
      other.rollback();
    }

    assertEquals(1, slow.get(20, TimeUnit.SECONDS));
    assertEquals(1, repository.count(user, search));
  }
}
