package dev.taskport.adapter.postgres.migration.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.TestDatabase;
import dev.taskport.adapter.postgres.migration.Migrations;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A million of the old backend's rows. */
@Tag("full")
class LargeTakeOverTest {

  private static final int ROWS = 1_000_000;
  private static final String FILE = "SELECT pg_relation_filenode('tasks')";
  private static final String OLD_ROWS =
      """
      SELECT count(*) || ' ' || sum(hashtextextended(format('%s %s %s %s %s', id, user_id, title,
        (created_at - 'epoch')::text, (updated_at - created_at)::text), 0)) FROM tasks
      WHERE user_id <> 'busy'""";

  @Test
  void aMillionRowsAreTakenOverInPlaceWhileOthersReadAndWrite() throws Exception {
    PGSimpleDataSource database = TestDatabase.empty();
    TestDatabase.execute(database, LegacyBackend.TABLE);
    TestDatabase.execute(
        database,
        """
        INSERT INTO tasks (id, user_id, title, completed, created_at, updated_at)
        SELECT gen_random_uuid(), 'user' || i %% 1000, 'Task ' || i, i %% 3 = 0,
          timestamp '2025-06-01' - i * interval '1.000001 s', timestamp '2025-07-01'
        FROM generate_series(1, %d) i"""
            .formatted(ROWS));
    String file = TestDatabase.query(database, FILE);
    String rows = TestDatabase.query(database, OLD_ROWS);
    AtomicBoolean goesOn = new AtomicBoolean(true);
    ExecutorService busy = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> writes = busy.submit(() -> readAndWrite(database, goesOn));

      new Migrations(database).migrate();

      goesOn.set(false);
      int written = writes.get(1, TimeUnit.MINUTES);
      assertTrue(written > 0);
      assertEquals(
          "" + written,
          TestDatabase.query(database, "SELECT count(*) FROM tasks WHERE user_id = 'busy'"));
    } finally {
      goesOn.set(false);
      busy.shutdown();
    }
    assertEquals(file, TestDatabase.query(database, FILE));
    assertEquals(rows, TestDatabase.query(database, OLD_ROWS));
    assertTrue(rows.startsWith(ROWS + " "), rows);
    assertEquals(LegacyBackend.shape(TestDatabase.migrated()), LegacyBackend.shape(database));
  }

  /** Fails when the table is locked for longer than a generous bound. */
  private static int readAndWrite(PGSimpleDataSource database, AtomicBoolean goesOn)
      throws SQLException {
    int written = 0;
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET TIME ZONE 'UTC'; SET lock_timeout = '10s'");
      while (goesOn.get()) {
        statement.execute("SELECT * FROM tasks WHERE user_id = 'user7' LIMIT 10");
        statement.execute(
            "INSERT INTO tasks (id, user_id, title, completed, created_at, updated_at) VALUES"
                + " (gen_random_uuid(), 'busy', 'x', false, '2025-01-01', '2025-01-01')");
        written++;
      }
    }
    return written;
  }
}
