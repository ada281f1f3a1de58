package dev.taskport.adapter.postgres;

import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.dump.Dump;
import dev.taskport.adapter.postgres.dump.Restore;
import dev.taskport.adapter.postgres.migration.Migrations;
import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.LogReading;
import dev.taskport.domain.changelog.SyncPoint;
import dev.taskport.domain.changelog.TaskTrash;
import dev.taskport.testkit.SampleTasks;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What {@code docs/partition-by-user.sql} does to a database that is in use. */
@Tag("full")
class PartitioningTest {
  private static final IdempotencyKey KEY = IdempotencyKey.parse("k");
  private static final List<String> TABLES =
      List.of("tasks", "idempotency_keys", "change_logs", "deleted_tasks", "forgotten_changes");

  private final StoreDatabase database = StoreDatabase.create();
  private final UserId user = SampleTasks.someUser();

  @Test
  void clientsGoOnAsIfNothingHadHappened() {
    Task kept;
    Task deleted;
    SyncPoint seen;
    try (PostgresStore store = PostgresStore.on(database)) {
      kept = aTask().of(user).build();
      store.repository().create(user, asNew(kept), KEY);
      deleted = aTask().of(user).storedIn(store.repository());
      for (int i = 0; i < 50; i++) {
        aTask().of(SampleTasks.someUser()).storedIn(store.repository());
      }
      store.repository().delete(user, deleted.id(), Precondition.NONE);
      seen = page(store, null).next();
    }
    String before = contents();

    Partitions.make(database);

    assertEquals(before, contents());
    try (PostgresStore store = PostgresStore.on(database)) {
      assertEquals(
          new CreateResult.Replayed(kept), store.repository().create(user, asNew(kept), KEY));
      assertEquals(List.of(), page(store, seen).entries());
      assertTrue(store.trash().restore(user, deleted.id(), deleted.createdAt()).isPresent());
      assertEquals(
          List.of(deleted.id()),
          page(store, seen).entries().stream()
              .map(entry -> entry.match(stored -> stored.task().id(), gone -> gone.id()))
              .toList());
      assertEquals(List.of(), store.trash().listDeleted(user, TaskTrash.NEWEST, 10));
    }
  }

  @Test
  void everyTableIsPartitionedAndHasItsIndexesConstraintsTriggersAndRights() {
    PGSimpleDataSource stranger = TestDatabase.stranger(database.dataSource());
    String role = stranger.getUser();
    database.execute("GRANT SELECT, UPDATE (title) ON tasks TO " + role);
    String before = shape();

    Partitions.make(database);

    assertEquals(before, shape());
    assertEquals(
        5 * 8,
        database.number(
            "SELECT count(*) FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid"
                + " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"));
    assertEquals("0", TestDatabase.query(stranger, "SELECT count(*) FROM tasks"));
  }

  @Test
  void aStatementAboutAUserReadsOnePartition() throws SQLException {
    Partitions.make(database);
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      // As the driver's statements are planned from the sixth time on: for any user.
      statement.execute("SET plan_cache_mode = force_generic_plan");
      for (String sql :
          List.of(
              "SELECT * FROM tasks WHERE user_id = $1",
              "UPDATE tasks SET completed = true WHERE user_id = $1 RETURNING id",
              "SELECT * FROM tasks WHERE user_id = $1 AND completed"
                  + " ORDER BY created_at, id LIMIT (SELECT 20::bigint)",
              "SELECT * FROM deleted_tasks WHERE user_id = $1 AND change_number > 7"
                  + " ORDER BY change_number, id LIMIT (SELECT 20::bigint)")) {
        statement.execute("PREPARE one(text) AS " + sql);
        StringBuilder plan = new StringBuilder();
        try (var rows = statement.executeQuery("EXPLAIN EXECUTE one('ann')")) {
          while (rows.next()) {
            plan.append(rows.getString(1)).append('\n');
          }
        }
        statement.execute("DEALLOCATE one");
        assertEquals(
            1,
            Pattern.compile("Scan .*on \\w+_\\d\\b").matcher(plan).results().count(),
            plan.toString());
        assertTrue(plan.toString().contains("Subplans Removed: 7"), plan.toString());
      }
    }
  }

  @Test
  void whatHasExpiredGoesFromAllPartitions() {
    Partitions.make(database);
    database.execute(
        """
        INSERT INTO idempotency_keys (user_id, key, task_id, content, created_at, claimed_at)
        SELECT 'u' || n, 'k', gen_random_uuid(), '', now(), now() - interval '25 hours'
        FROM generate_series(1, 1201) AS n;
        INSERT INTO deleted_tasks (user_id, id, change_number, deleted_at, content)
        SELECT 'u' || n, gen_random_uuid(), n, now() - interval '31 days', '{}'
        FROM generate_series(1, 1201) AS n
        """);

    try (PostgresStore store =
        PostgresStore.on(
            database,
            database.jdbcUrl(),
            Map.of(
                "taskport.idempotency.cleanup-interval",
                "0s",
                "taskport.deletions.cleanup-interval",
                "0s"))) {
      store.repository().create(user, asNew(aTask().of(user).build()), KEY);
      database.await("SELECT count(*) = 1 FROM idempotency_keys");
      database.await("SELECT count(*) = 0 FROM deleted_tasks");
    }

    assertEquals(1201, database.number("SELECT count(*) FROM forgotten_changes"));
  }

  @Test
  void aDumpOfItGoesToAnOrdinaryDatabaseAndBack(@TempDir Path folder) {
    Partitions.make(database);
    try (PostgresStore store = PostgresStore.on(database)) {
      store.repository().create(user, asNew(aTask().of(user).build()), KEY);
      Task deleted = aTask().of(user).storedIn(store.repository());
      store.repository().delete(user, deleted.id(), Precondition.NONE);
    }
    PGSimpleDataSource ordinary = TestDatabase.empty();
    StoreDatabase back = StoreDatabase.create();
    Partitions.make(back);

    assertEquals(1, new Dump(database.dataSource()).write(folder.resolve("a")));
    assertEquals(1, new Restore(ordinary).read(folder.resolve("a")));
    assertEquals(1, new Dump(ordinary).write(folder.resolve("b")));
    assertEquals(1, new Restore(back.dataSource()).read(folder.resolve("b")));

    assertEquals(contents(database), contents(back));
    try (PostgresStore store = PostgresStore.on(back)) {
      aTask().of(user).storedIn(store.repository());
      assertEquals(4, store.changeLog().mark(user).number());
    }
  }

  @Test
  void theNextReleaseFindsNothingToDo() {
    Partitions.make(database);

    assertEquals(false, new Migrations(database.dataSource()).migrate());
    assertTrue(new Migrations(database.dataSource()).plan().contains("There is nothing to do."));
  }

  @Test
  void theNextReleaseMigratesPartitions() {
    StoreDatabase older = StoreDatabase.of(TestDatabase.empty());
    new Migrations(older.dataSource()).migrateTo("1.9");
    Partitions.make(older);

    assertTrue(new Migrations(older.dataSource()).migrate());

    try (PostgresStore store = PostgresStore.on(older)) {
      aTask().of(user).storedIn(store.repository());
      older.execute("UPDATE tasks SET completed = completed");
      older.execute("UPDATE tasks SET completed = NOT completed");
      assertEquals(2, store.changeLog().mark(user).number());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.3", "1.5", "1.8"})
  void anOlderSchemaMustBeMigratedFirst(String version) {
    StoreDatabase older = StoreDatabase.of(TestDatabase.empty());
    new Migrations(older.dataSource()).migrateTo(version);

    assertRefused(older, "run taskport migrate first");
  }

  @Test
  void itIsDoneOnceAndOnlyAsAWhole() {
    database.execute("CREATE VIEW titles AS SELECT title FROM tasks");
    String before = shape();
    assertRefused(database, "other objects depend on it");
    assertEquals(before, shape());
    database.execute("DROP VIEW titles");

    Partitions.make(database);

    assertRefused(database, "partitioned already");
  }

  private static void assertRefused(StoreDatabase database, String reason) {
    IllegalStateException refusal =
        assertThrows(IllegalStateException.class, () -> Partitions.make(database));
    String message = String.valueOf(refusal.getCause());
    assertTrue(message.contains(reason), message);
  }

  private LogReading.Page page(PostgresStore store, @Nullable SyncPoint since) {
    return (LogReading.Page) store.changeLog().read(user, since, 100);
  }

  private String contents() {
    return contents(database) + TestDatabase.query(database.dataSource(), STARTS);
  }

  /** When the logs were started is not in a dump. */
  private static final String STARTS =
      "SELECT string_agg(started_at::text, ',' ORDER BY user_id) FROM change_logs";

  private static String contents(StoreDatabase database) {
    StringBuilder all = new StringBuilder();
    for (String table : TABLES) {
      all.append(
          TestDatabase.query(
              database.dataSource(),
              "SELECT string_agg((to_jsonb(t) - 'started_at')::text, E'\\n' ORDER BY to_jsonb(t))"
                  + " FROM %s t".formatted(table)));
    }
    return all.toString();
  }

  /** All that the tables have, but the partitions. */
  private String shape() {
    return TestDatabase.query(
        database.dataSource(),
        """
        SELECT string_agg(line, E'\\n' ORDER BY line) FROM unnest('{%s}'::regclass[]) AS t,
        LATERAL (
          SELECT format('%%s %%s %%s %%s %%s', t, attname, format_type(atttypid, atttypmod),
            attnotnull, pg_get_expr(adbin, adrelid)) AS line
          FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
          WHERE attrelid = t AND attnum > 0 AND NOT attisdropped
          UNION ALL
          SELECT replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ')
          FROM pg_index WHERE indrelid = t AND indisvalid
          UNION ALL
          SELECT format('%%s %%s %%s', t, conname,
            replace(pg_get_constraintdef(oid), ' NOT VALID', ''))
          FROM pg_constraint WHERE conrelid = t AND contype <> 'n'
          UNION ALL
          SELECT translate(pg_get_triggerdef(oid), '()', '')
          FROM pg_trigger WHERE tgrelid = t AND NOT tgisinternal
          UNION ALL
          SELECT format('%%s %%s %%s %%s', t, '', grantee::regrole, privilege_type)
          FROM pg_class, aclexplode(relacl) WHERE oid = t AND grantee <> relowner
          UNION ALL
          SELECT format('%%s %%s %%s %%s', t, attname, grantee::regrole, privilege_type)
          FROM pg_attribute, aclexplode(attacl) WHERE attrelid = t
        ) AS lines"""
            .formatted(String.join(",", TABLES)));
  }
}
