package dev.taskport.adapter.postgres;

import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.Task;
import dev.taskport.testkit.SampleTasks;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Expired idempotency keys go, behind a creation that uses one. */
class ExpiredKeysTest {
  private final StoreDatabase database = StoreDatabase.create();
  private final Task task = aTask().build();

  @Test
  void allExpiredKeysGoAndNoOther() {
    keys(1201, "24 hours 1 microsecond");
    keys(7, "24 hours");

    createWithKey("0s", 7 + 1);
  }

  @Test
  void aKeyThatSomebodyUsesAtTheMomentIsSkipped() throws SQLException {
    keys(10, "25 hours");
    try (Connection other = database.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("UPDATE idempotency_keys SET attempts = 2 WHERE key = 'k-3'");

      createWithKey("0s", 1 + 1);
      other.rollback();
    }
  }

  @Test
  void itIsNotDoneAgainBeforeItsTime() {
    keys(10, "25 hours");

    createWithKey("1h", 10 + 1);
  }

  @Test
  void creationsDoNotSufferWhenItFails() {
    keys(10, "25 hours");
    database.execute(
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN RAISE EXCEPTION ''refused''; END'
        """);
    database.execute(
        "CREATE TRIGGER refuse BEFORE DELETE ON idempotency_keys EXECUTE FUNCTION refuse()");

    createWithKey("0s", 10 + 1);
  }

  /** Stores a task with a key and expects that this many keys are left then. */
  private void createWithKey(String interval, long left) {
    try (PostgresStore store =
        PostgresStore.on(
            database,
            database.jdbcUrl(),
            Map.of("taskport.idempotency.cleanup-interval", interval))) {
      assertEquals(
          new CreateResult.Created(task),
          store.repository().create(task.userId(), asNew(task), IdempotencyKey.parse("new")));
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (numberOfKeys() != left && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
    }
    // The store is closed: nothing goes on in the background.
    assertEquals(left, numberOfKeys());
  }

  private void keys(int number, String age) {
    database.execute(
        """
        INSERT INTO idempotency_keys
        SELECT 'user-%1$s', 'k-' || n, gen_random_uuid(), '', '%2$s'::timestamptz - interval '%1$s'
        FROM generate_series(1, %3$d) AS n
        """
            .formatted(age, SampleTasks.CREATED, number));
  }

  private long numberOfKeys() {
    return database.number("SELECT count(*) FROM idempotency_keys");
  }
}
