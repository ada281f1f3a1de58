package dev.taskport.adapter.postgres;

import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.adapter.postgres.migration.Migrations;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.LogReading;
import dev.taskport.domain.changelog.SyncPoint;
import dev.taskport.testkit.SampleTasks;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The change log comes to a database in use, whose older service goes on for a while. */
@Tag("full")
class ChangeLogUpgradeTest {
  /** What a release of V1.7 sends. */
  private static final List<String> OF_V1_7 =
      List.of(
          """
          INSERT INTO tasks (user_id, id, title, description, completed, created_at, updated_at,
            version, priority, tags, due_date, due_all_day)
          VALUES (?, ?, 'New', NULL, false, now(), now(), 1, 'medium', '', NULL, false)
          ON CONFLICT (user_id, id) DO NOTHING
          """,
          """
          WITH claim AS (
            INSERT INTO idempotency_keys AS held (user_id, key, task_id, content, fields, created_at)
            VALUES (?, gen_random_uuid()::text, ?, '', NULL, now())
            ON CONFLICT (user_id, key) DO UPDATE SET attempts = held.attempts + 1
            RETURNING user_id, task_id, attempts = 1 AS won
          ), stored AS (
            INSERT INTO tasks (user_id, id, title, description, completed, created_at, updated_at,
              version, priority, tags, due_date, due_all_day)
            SELECT user_id, task_id, 'Keyed', NULL, false, now(), now(), 1, 'low', '', NULL, false
            FROM claim WHERE won
            ON CONFLICT DO NOTHING
          )
          SELECT won FROM claim
          """,
          """
          UPDATE tasks SET title = 'Edited ' || version, updated_at = now(), version = version + 1
          WHERE user_id = ? AND id = ? RETURNING id
          """,
          """
          UPDATE tasks SET completed = NOT completed, updated_at = now(), version = version + 1
          WHERE user_id = ? AND id = ? RETURNING id
          """,
          "DELETE FROM tasks WHERE user_id = ? AND id = ? RETURNING id");

  private final PGSimpleDataSource database = TestDatabase.empty();
  private final UserId user = someUser();

  @ParameterizedTest
  @ValueSource(strings = {"1.7", "1.9"})
  void aFollowerMissesNothingThatAnOlderReleaseWritesDuringAndAfterTheMigration(String from)
      throws Exception {
    new Migrations(database).migrateTo(from);
    List<UUID> ids = new ArrayList<>();
    long seed = new Random().nextLong();
    System.out.println("Seed of the older release's writes: " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 40; i++) {
      ids.add(new UUID(random.nextLong(), random.nextLong()));
    }
    for (UUID id : ids.subList(0, 20)) {
      write(OF_V1_7.get(0), id);
    }
    AtomicBoolean end = new AtomicBoolean();
    ExecutorService writers = Executors.newFixedThreadPool(3);
    List<Future<Integer>> written = new ArrayList<>();
    for (int writer = 0; writer < 3; writer++) {
      long own = random.nextLong();
      written.add(writers.submit(() -> write(ids, new Random(own), end)));
    }
    try {
      new Migrations(database).migrate();
      try (PostgresStore store = PostgresStore.on(StoreDatabase.of(database))) {
        Map<TaskId, Task> copy = new HashMap<>();
        SyncPoint point = null;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        while (System.nanoTime() < deadline) {
          point = follow(store, copy, point, 1 + random.nextInt(7)).next();
        }
        end.set(true);
        for (Future<Integer> writer : written) {
          assertTrue(writer.get(20, TimeUnit.SECONDS) > 10);
        }
        LogReading.Page page;
        do {
          page = follow(store, copy, point, 5);
          point = page.next();
        } while (page.more());

        assertEquals(
            store.repository().list(user, TaskQuery.newest(100)).stream()
                .collect(Collectors.toMap(Task::id, Function.identity())),
            copy);
      }
    } finally {
      end.set(true);
      writers.shutdown();
    }
  }

  private LogReading.Page follow(
      PostgresStore store, Map<TaskId, Task> copy, @Nullable SyncPoint point, int limit) {
    LogReading.Page page =
        store
            .changeLog()
            .read(user, point, limit)
            .match(
                next -> next,
                startOver -> {
                  throw new AssertionError("The log can't be read on");
                });
    page.entries()
        .forEach(
            entry ->
                entry.match(
                    stored -> copy.put(stored.id(), stored.task()),
                    deleted -> copy.remove(deleted.id())));
    return page;
  }

  private int write(List<UUID> ids, Random random, AtomicBoolean end) throws SQLException {
    int written = 0;
    try (Connection connection = database.getConnection()) {
      while (!end.get()) {
        String sql = OF_V1_7.get(random.nextInt(OF_V1_7.size()));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
          statement.setString(1, user.value());
          statement.setObject(2, ids.get(random.nextInt(ids.size())));
          statement.execute();
        }
        written++;
      }
    }
    return written;
  }

  private void write(String sql, UUID id) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, user.value());
      statement.setObject(2, id);
      statement.execute();
    }
  }

  @Test
  void tasksThatAreThereGetNoNumberAndNoNewRow() {
    new Migrations(database).migrateTo("1.7");
    TestDatabase.execute(
        database,
        "INSERT INTO tasks (user_id, id, title, completed, created_at, updated_at)"
            + " SELECT 'ann', gen_random_uuid(), 'T', false, now(), now() FROM generate_series(1, 9)");
    String file = TestDatabase.query(database, "SELECT pg_relation_filenode('tasks')");

    new Migrations(database).migrate();

    assertEquals(file, TestDatabase.query(database, "SELECT pg_relation_filenode('tasks')"));
    assertEquals(
        "0 9",
        TestDatabase.query(database, "SELECT max(change_number) || ' ' || count(*) FROM tasks"));
    assertEquals("0", TestDatabase.query(database, "SELECT count(*) FROM change_logs"));
  }

  @Test
  void rolesThatMayWriteTasksGoOnWritingAndOthersReadNothingNew() {
    new Migrations(database).migrateTo("1.7");
    PGSimpleDataSource service = TestDatabase.stranger(database);
    PGSimpleDataSource editor = TestDatabase.stranger(database);
    PGSimpleDataSource reader = TestDatabase.stranger(database);
    TestDatabase.execute(
        database,
        """
        GRANT SELECT, INSERT, UPDATE, DELETE ON tasks, idempotency_keys TO %1$s;
        GRANT SELECT ON taskport_schema_history TO %1$s;
        GRANT SELECT, UPDATE (title) ON tasks TO %2$s;
        GRANT SELECT ON tasks TO %3$s
        """
            .formatted(service.getUser(), editor.getUser(), reader.getUser()));

    new Migrations(database).migrate();

    try (PostgresStore store = store(service)) {
      Task task = aTask().of(user).storedIn(store.repository());
      TestDatabase.execute(editor, "UPDATE tasks SET title = 'Edited'");
      store.repository().delete(user, task.id(), Precondition.NONE);
      assertTrue(store.trash().restore(user, task.id(), SampleTasks.CREATED).isPresent());
      store.trash().deletePermanently(user, task.id(), Precondition.NONE);
      assertEquals(5, store.changeLog().mark(user).number());
      store.context().getBean(ExpiredDeletions.class).removeSoon();
    }
    for (String table : List.of("change_logs", "deleted_tasks", "forgotten_changes")) {
      assertEquals(
          "t f",
          TestDatabase.query(
              database,
              "SELECT concat_ws(' ', has_table_privilege('%s', '%3$s', 'DELETE'), has_table_privilege('%s', '%3$s', 'SELECT'))"
                  .formatted(service.getUser(), reader.getUser(), table)));
    }
  }

  @Test
  void whatAnybodyMayDoToTasksAnybodyMayDoToTheLog() {
    new Migrations(database).migrateTo("1.7");
    TestDatabase.execute(database, "GRANT SELECT, INSERT ON tasks TO PUBLIC");

    new Migrations(database).migrate();

    TestDatabase.execute(
        TestDatabase.stranger(database),
        "INSERT INTO tasks (user_id, id, title, completed, created_at, updated_at)"
            + " VALUES ('ann', gen_random_uuid(), 'T', false, now(), now())");
    assertEquals("1", TestDatabase.query(database, "SELECT number FROM change_logs"));
  }

  @Test
  void aTableThatWasTakenOverMayHaveColumnsOfItsOwn() throws SQLException {
    new Migrations(database).migrateTo("1.7");
    TestDatabase.execute(
        database,
        "ALTER TABLE tasks ADD length int GENERATED ALWAYS AS (length(title)) STORED, ADD note text");

    new Migrations(database).migrate();

    try (PostgresStore store = PostgresStore.on(StoreDatabase.of(database));
        Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      Task task = aTask().of(user).storedIn(store.repository());
      statement.execute("UPDATE tasks SET note = 'Nobody sees it'");
      assertEquals(1, store.changeLog().mark(user).number());
      store.repository().delete(user, task.id(), Precondition.NONE);
      assertTrue(store.trash().restore(user, task.id(), SampleTasks.CREATED).isPresent());
      try (ResultSet row = statement.executeQuery("SELECT length, note FROM tasks")) {
        row.next();
        assertEquals(task.title().value().length(), row.getInt(1));
      }
    }
  }

  private PostgresStore store(PGSimpleDataSource role) {
    return PostgresStore.at(
        new DatabaseAddress(
            StoreDatabase.of(database).jdbcUrl(), role.getUser(), role.getPassword()),
        Map.of());
  }
}
