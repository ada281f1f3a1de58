package dev.taskport.adapter.postgres;

import static dev.taskport.testkit.SampleTasks.asNew;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.adapter.postgres.address.DatabaseUrl;
import dev.taskport.adapter.postgres.database.Statements;
import dev.taskport.adapter.postgres.migration.Migrations;
import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.StoreHealth;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.testkit.SampleTasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real primary with a real standby. */
@Tag("full")
class FailoverTest {
  private static final int CALLERS = 4;
  private static final Duration GENEROUS = Duration.ofSeconds(60);

  @Test
  void migrationsPoolAndHealthFindThePrimary() throws Exception {
    try (StreamingPair pair = new StreamingPair()) {
      for (String hosts :
          List.of(hosts(pair.primary, pair.standby), hosts(pair.standby, pair.primary))) {
        for (String parameters :
            List.of("", "any", "read-write", "primary", "prefer-standby", "standby")) {
          DatabaseAddress address =
              DatabaseUrl.parse(
                  "postgresql://taskport@"
                      + hosts
                      + "/taskport"
                      + (parameters.isEmpty() ? "" : "?target_session_attrs=" + parameters));

          new Migrations(address.dataSource()).migrate();

          try (PostgresStore store = PostgresStore.at(address, Map.of())) {
            Task task = SampleTasks.aTask().build();
            assertEquals(
                new CreateResult.Created(task),
                store.repository().create(task.userId(), asNew(task), null),
                address.toString());
            assertEquals(
                StoreHealth.State.UP,
                store.context().getBean(StoreHealth.class).check().toCompletableFuture().join());
            assertEquals(
                List.of(false),
                store
                    .context()
                    .getBean(Statements.class)
                    .query("SELECT pg_is_in_recovery()", List.of(), row -> row.getBoolean(1)));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everythingConfirmedIsThereAfterThePrimarysDeath(boolean standbyFailsFirst) throws Exception {
    try (StreamingPair pair = new StreamingPair()) {
      DatabaseAddress address =
          DatabaseUrl.parse(
              "postgresql://taskport@"
                  + hosts(pair.primary, pair.standby)
                  + "/taskport?queryTimeout=1");
      new Migrations(address.dataSource()).migrate();
      pair.makeSynchronous();
      Books books = new Books();
      try (PostgresStore store = PostgresStore.at(address, Map.of())) {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
          all.add(callers.submit(() -> books.write(store.repository())));
        }
        books.await(books.confirmed, 400);
        if (standbyFailsFirst) {
          pair.standby.kill();
          books.await(books.unconfirmed, 3 * CALLERS);
        }
        pair.primary.kill();
        if (standbyFailsFirst) {
          pair.standby.restart();
        }
        pair.standby.promote();
        long promoted = System.nanoTime();
        books.await(books.confirmed, 100);
        Duration took = Duration.ofNanos(System.nanoTime() - promoted);
        assertTrue(took.toSeconds() < 15, took.toString());
        books.over.set(true);
        callers.shutdown();
        for (Future<?> caller : all) {
          caller.get(1, TimeUnit.MINUTES);
        }
        books.compareWith(store.repository());
      }
    }
  }

  private static String hosts(StreamingPair.Node first, StreamingPair.Node second) {
    return "127.0.0.1:" + first.port + ",127.0.0.1:" + second.port;
  }

  /** What was confirmed to callers who create tasks, with and without a key, and change them. */
  private static final class Books {
    private static final long DELETED = -1;

    final AtomicBoolean over = new AtomicBoolean();
    final AtomicLong confirmed = new AtomicLong();
    final AtomicLong unconfirmed = new AtomicLong();
    private final UserId user = SampleTasks.someUser();
    private final Map<TaskId, Long> versions = new ConcurrentHashMap<>();

    void write(TaskRepository repository) {
      for (int i = 0; !over.get(); i++) {
        Task task = SampleTasks.aTask().of(user).build();
        IdempotencyKey key = i % 2 == 0 ? null : IdempotencyKey.parse(task.id().toString());
        book(
            () -> {
              if (repository.create(user, asNew(task), key) instanceof CreateResult.Created) {
                versions.put(task.id(), task.version());
              }
            });
        if (versions.containsKey(task.id())) {
          book(
              () -> {
                WriteResult result =
                    repository.change(
                        user,
                        task.id(),
                        new TaskChange.ToggleCompleted(),
                        Precondition.NONE,
                        SampleTasks.CREATED);
                versions.put(task.id(), ((WriteResult.Done) result).task().version());
              });
          if (i % 3 == 0) {
            versions.remove(task.id()); // either way, unless the deletion is confirmed
            book(
                () -> {
                  repository.delete(user, task.id(), Precondition.NONE);
                  versions.put(task.id(), DELETED);
                });
          }
        }
      }
    }

    private void book(Runnable write) {
      try {
        write.run();
        confirmed.incrementAndGet();
      } catch (StoreUnavailableException e) {
        unconfirmed.incrementAndGet();
      }
    }

    /** Until there are that many more. */
    void await(AtomicLong counter, long more) {
      long goal = counter.get() + more;
      long deadline = System.nanoTime() + GENEROUS.toNanos();
      while (counter.get() < goal) {
        assertTrue(System.nanoTime() < deadline, counter + " of " + goal);
        LockSupport.parkNanos(1_000_000);
      }
    }

    void compareWith(TaskRepository repository) {
      versions.forEach(
          (id, version) -> {
            long found = repository.find(user, id).map(Task::version).orElse(DELETED);
            assertTrue(
                version == DELETED ? found == DELETED : found >= version,
                id + " was confirmed at " + version + " and is at " + found);
          });
    }
  }
}
