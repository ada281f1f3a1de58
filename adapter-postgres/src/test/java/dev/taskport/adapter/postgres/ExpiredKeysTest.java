package dev.taskport.adapter.postgres;

import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.Task;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Expired idempotency keys go, behind a creation that uses one. */
class ExpiredKeysTest {
  private static final String KEYS = "SELECT count(*) FROM idempotency_keys";
  private static final String REFUSALS =
      "SELECT CASE WHEN is_called THEN last_value + 1 ELSE 0 END FROM refusals";

  private final StoreDatabase database = StoreDatabase.create();

  @Test
  void allExpiredKeysGoAndNoOther() {
    keys(1201, "24 hours", "2999-01-01Z");
    keys(7, "23 hours 50 minutes", "1999-01-01Z");

    createWithKey("0s", 7 + 1);

    assertEquals(
        7,
        database.number("SELECT count(*) FROM idempotency_keys WHERE created_at < '2000-01-01'"));
  }

  @Tag("full")
  @Test
  void oneRoundRemovesHoweverManyHaveExpired() {
    keys(120_000, "25 hours", "2026-01-01Z");

    createWithKey("0s", 1);
  }

  @Test
  void aKeyThatSomebodyUsesAtTheMomentIsSkippedAndGoesLater() throws SQLException {
    keys(1000, "25 hours", "2026-01-01Z");
    try (Connection other = database.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("UPDATE idempotency_keys SET attempts = 2 WHERE key = 'k-3'");

      createWithKey("0s", 1 + 1);
      other.rollback();
    }
    createWithKey("0s", 1 + 1);

    assertEquals(0, database.number("SELECT count(*) FROM idempotency_keys WHERE key = 'k-3'"));
  }

  @Test
  void itIsNotDoneAgainBeforeItsTime() {
    keys(10, "25 hours", "2026-01-01Z");

    createWithKey("1h", 10 + 1);
    createWithKey("0s", 1 + 1);
  }

  @Test
  void creationsDoNotSufferWhenItFailsAndItIsTriedAgain() {
    keys(10, "25 hours", "2026-01-01Z");
    database.execute(
        """
        CREATE SEQUENCE refusals MINVALUE 0; -- which counts on in what is rolled back
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM nextval(''refusals''); RAISE EXCEPTION ''refused''; END'
        """);
    database.execute(
        "CREATE TRIGGER refuse BEFORE DELETE ON idempotency_keys EXECUTE FUNCTION refuse()");

    try (PostgresStore store = store("0s")) {
      create(store);
      await(1, REFUSALS);
      create(store);
      await(2, REFUSALS);
      assertEquals(10 + 2, database.number(KEYS));
      database.execute("DROP TRIGGER refuse ON idempotency_keys");
      create(store);
      await(3, KEYS);
    }
  }

  /** Stores a task with a key and expects that this many keys are left then. */
  private void createWithKey(String interval, long left) {
    try (PostgresStore store = store(interval)) {
      create(store);
      await(left, KEYS);
    }
    // The store is closed: nothing goes on in the background.
    assertEquals(left, database.number(KEYS));
  }

  private PostgresStore store(String interval) {
    return PostgresStore.on(
        database, database.jdbcUrl(), Map.of("taskport.idempotency.cleanup-interval", interval));
  }

  private static void create(PostgresStore store) {
    Task task = aTask().build();
    assertEquals(
        new CreateResult.Created(task),
        store.repository().create(task.userId(), asNew(task), IdempotencyKey.parse("new")));
  }

  private void await(long number, String count) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (database.number(count) != number && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertEquals(number, database.number(count));
  }

  private void keys(int number, String age, String created) {
    database.execute(
        """
        INSERT INTO idempotency_keys (user_id, key, task_id, content, created_at, claimed_at)
        SELECT 'user-%1$s', 'k-' || n, gen_random_uuid(), '', '%2$s', now() - interval '%1$s'
        FROM generate_series(1, %3$d) AS n
        """
            .formatted(age, created, number));
  }
}
