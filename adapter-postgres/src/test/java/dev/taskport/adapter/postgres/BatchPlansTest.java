package dev.taskport.adapter.postgres;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What batches read of large tables, as the server counts it: what they ask for, by its key. */
@Tag("full")
class BatchPlansTest {
  private static final int TASKS = 1_000_000;
  private static final int USERS = 10_000;
  private static final int CALLERS = 16;
  private static final int CALLS = 25;

  private static final StoreDatabase DATABASE = StoreDatabase.create();

  @BeforeAll
  static void fill() {
    DATABASE.execute(
        """
        ALTER TABLE tasks DISABLE TRIGGER USER;
        INSERT INTO tasks (user_id, id, title, completed, created_at, updated_at)
        SELECT 'user-' || n %% %1$d, lpad(to_hex(n), 32, '0')::uuid, 'Task', false, time, time
        FROM generate_series(0, %2$d) n, (SELECT timestamptz '2026-01-01Z') AS times (time);
        ALTER TABLE tasks ENABLE TRIGGER USER;
        INSERT INTO change_logs SELECT 'user-' || n, 0 FROM generate_series(0, %1$d - 1) n;
        INSERT INTO idempotency_keys (user_id, key, task_id, content, created_at)
        SELECT 'user-' || n, 'old', gen_random_uuid(), '', now()
        FROM generate_series(0, %1$d - 1) n"""
            .formatted(USERS, TASKS - 1));
  }

  @ParameterizedTest
  @CsvSource({
    "force_custom_plan, true",
    "force_custom_plan, false",
    "force_generic_plan, true",
    "force_generic_plan, false"
  })
  void aBatchReadsWhatItAsksForByItsKey(String planning, boolean analyzed) throws Exception {
    for (String table : new String[] {"tasks", "change_logs", "idempotency_keys"}) {
      DATABASE.execute("VACUUM ANALYZE " + table);
      if (!analyzed) {
        DATABASE.forgetStatistics(table);
      }
    }
    long scans = number("seq_scan");
    long rows = number("idx_tup_fetch");

    Map<String, Object> settings = new HashMap<>(PostgresStore.BATCHES_ALWAYS);
    String url = DATABASE.jdbcUrl() + "&options=-c%20plan_cache_mode=" + planning;
    try (PostgresStore store = PostgresStore.on(DATABASE, url, settings)) {
      ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
      List<Callable<Object>> callers =
          IntStream.range(0, CALLERS)
              .mapToObj(caller -> Executors.callable(() -> callAll(store.repository(), caller)))
              .toList();
      for (Future<Object> caller : threads.invokeAll(callers)) {
        caller.get();
      }
      threads.shutdown();
      assertTrue(store.batches("find").max() > 1);
    }
    DATABASE.await(
        "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = current_schema())");

    assertEquals(scans, number("seq_scan"));
    // Each operation fetches a task, a log or a key a few times.
    long fetched = number("idx_tup_fetch") - rows;
    assertTrue(fetched < 20L * 6 * CALLERS * CALLS, fetched + " rows");
  }

  private static void callAll(TaskRepository store, int caller) {
    for (int call = 0; call < CALLS; call++) {
      int n = Math.floorMod(caller * 7919 + call * 104_729, TASKS);
      UserId user = UserId.parse("user-" + n % USERS);
      TaskId id = new TaskId(new UUID(0, n));
      assertTrue(store.find(user, id).isPresent());
      TaskChange toggle = new TaskChange.ToggleCompleted();
      assertInstanceOf(
          WriteResult.Done.class, store.change(user, id, toggle, Precondition.NONE, CREATED));
      assertInstanceOf(
          WriteResult.Done.class,
          store.change(user, id, TaskChange.Edit.NOTHING, Precondition.NONE, CREATED));
      Task task = aTask().of(user).build();
      assertInstanceOf(CreateResult.Created.class, store.create(user, asNew(task), null));
      store.create(user, asNew(aTask().of(user).build()), IdempotencyKey.parse("new-" + task.id()));
      assertInstanceOf(WriteResult.Done.class, store.delete(user, task.id(), Precondition.NONE));
    }
  }

  private static long number(String column) {
    return DATABASE.number(
        "SELECT sum(%s)::bigint FROM pg_stat_user_tables WHERE schemaname = current_schema() AND relname IN ('tasks', 'change_logs', 'idempotency_keys')"
            .formatted(column));
  }
}
