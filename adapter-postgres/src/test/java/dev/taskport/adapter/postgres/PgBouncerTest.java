package dev.taskport.adapter.postgres;

import static dev.taskport.testkit.SampleTasks.asNew;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.address.DatabaseUrl;
import dev.taskport.adapter.postgres.migration.Migrations;
import dev.taskport.adapter.postgres.migration.lock.MigrationException;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.testkit.InMemoryTaskRepository;
import dev.taskport.testkit.SampleTasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A real PgBouncer in transaction mode between two instances and the server. */
@Tag("full")
class PgBouncerTest {
  private static final int THREADS = 8;
  private static final int STEPS = 500;

  private final StoreDatabase database = StoreDatabase.create();

  /** Without parameters it is safe before any release; the others are what people write. */
  @ParameterizedTest
  @CsvSource({
    "'', false",
    "'', true",
    "?prepareThreshold=0, false",
    "?pgbouncer=true, false",
  })
  void everyCallerGetsTheAnswersToTheirOwnStatements(String parameters, boolean prepares)
      throws Exception {
    long seed = System.nanoTime();
    try (PgBouncer bouncer = PgBouncer.before(database, database.port(), prepares);
        PostgresStore one = store(bouncer, parameters);
        PostgresStore other = store(bouncer, parameters)) {
      ExecutorService callers = Executors.newFixedThreadPool(THREADS);
      try {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          TaskRepository repository = (i % 2 == 0 ? one : other).repository();
          Random random = new Random(seed + i);
          all.add(callers.submit(() -> compareWithModel(repository, random, "seed " + seed)));
        }
        for (Future<?> caller : all) {
          caller.get(2, TimeUnit.MINUTES);
        }
      } finally {
        callers.shutdownNow();
      }
    }
  }

  /** Reads, changes and deletes on tables with the same parameters and the same columns. */
  private static void compareWithModel(TaskRepository repository, Random random, String seed) {
    InMemoryTaskRepository model = new InMemoryTaskRepository();
    UserId user = SampleTasks.someUser();
    List<TaskId> ids = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      int kind = ids.isEmpty() ? 0 : random.nextInt(12);
      if (kind <= 1) {
        Task task = SampleTasks.aTask().of(user).called("Task " + i).build();
        IdempotencyKey key = kind == 0 ? null : IdempotencyKey.parse("key-" + i);
        ids.add(task.id());
        agree(seed, model, repository, store -> store.create(user, asNew(task), key));
        continue;
      }
      TaskId id = ids.get(random.nextInt(ids.size()));
      String title = "Title " + i;
      Function<TaskRepository, Object> call =
          switch (kind) {
            case 2 -> store -> store.delete(user, id, Precondition.NONE);
            case 3, 4 -> store -> change(store, user, id, new TaskChange.ToggleCompleted());
            case 5 -> store -> change(store, user, id, new TaskChange.SetCompleted(true));
            case 6 ->
                store ->
                    change(store, user, id, TaskChange.Edit.NOTHING.withTitle(Title.parse(title)));
            case 7 -> store -> store.summarize(user);
            case 8 -> store -> store.list(user, TaskQuery.newest(1000));
            default -> store -> store.find(user, id);
          };
      agree(seed, model, repository, call);
    }
    agree(seed, model, repository, store -> store.list(user, TaskQuery.newest(1000)));
  }

  private static Object change(TaskRepository store, UserId user, TaskId id, TaskChange change) {
    return store.change(user, id, change, Precondition.NONE, SampleTasks.CREATED);
  }

  private static void agree(
      String seed,
      TaskRepository model,
      TaskRepository repository,
      Function<TaskRepository, Object> call) {
    assertEquals(call.apply(model), call.apply(repository), seed);
  }

  @Test
  void aServerThatIsGoneBehindThePoolerIsAnOutage() throws Exception {
    WireTap tap = WireTap.before(database.port());
    try (PgBouncer bouncer = PgBouncer.before(database, tap.port(), false);
        PostgresStore store = store(bouncer, "")) {
      UserId user = SampleTasks.someUser();
      store.repository().summarize(user);
      tap.close();

      // Those that it had open, those that it can't open, and those that it keeps waiting.
      for (int i = 0; i < 5; i++) {
        assertThrows(StoreUnavailableException.class, () -> store.repository().summarize(user));
      }
    }
  }

  @Test
  void startsThroughThePoolerLeaveNothingBehind() throws Exception {
    try (PgBouncer bouncer = PgBouncer.before(database, database.port(), false)) {
      PGSimpleDataSource pooled = new PGSimpleDataSource();
      pooled.setUrl(bouncer.jdbcUrl());
      pooled.setUser("anybody");
      for (int i = 0; i < 5; i++) {
        new Migrations(pooled).migrate();
        assertTrue(new Migrations(pooled).plan().contains("There is nothing to do."));
      }
      TestDatabase.execute(database.dataSource(), "DROP TABLE tasks");

      MigrationException refusal =
          assertThrows(MigrationException.class, () -> new Migrations(pooled).migrate());
      new Migrations(pooled).plan();

      assertTrue(String.valueOf(refusal.getMessage()).contains("set DIRECT_URL"));
      assertEquals(
          "0 off 0",
          TestDatabase.query(
              pooled,
              "SELECT (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory') || ' '"
                  + " || current_setting('default_transaction_read_only') || ' '"
                  + " || current_setting('lock_timeout')"));
    }
  }

  private static PostgresStore store(PgBouncer bouncer, String parameters) {
    return PostgresStore.at(DatabaseUrl.parse(bouncer.url() + parameters), Map.of());
  }
}
