package dev.taskport.adapter.postgres;

import static dev.taskport.testkit.SampleTasks.aTask;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.LogReading;
import dev.taskport.domain.changelog.SyncPoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Expired deletions go, behind writes. */
class ExpiredDeletionsTest {
  private final StoreDatabase database = StoreDatabase.create();

  @Test
  void whatHasExpiredGoesAndNothingElse() {
    deletions(1201, "31 days", 1);
    deletions(7, "29 days", 5000);

    writeWith("30d", "30d", 7, 7);

    assertEquals(1201, database.number("SELECT number FROM forgotten_changes"));
  }

  @Test
  void contentGoesBeforeTheDeletionItself() {
    deletions(1201, "31 days", 1);
    deletions(7, "29 days", 5000);

    writeWith("30d", "40d", 1208, 7);

    assertEquals(0, database.number("SELECT count(*) FROM forgotten_changes"));
  }

  @Test
  void aDeletionStaysAsLongAsItsContent() {
    deletions(10, "31 days", 1);

    writeWith("40d", "1d", 10, 10);
  }

  @Test
  void nothingOfContentIsKeptWithARetentionOfZero() {
    deletions(3, "1 second", 1);
    try (PostgresStore store = store("0d", "30d")) {
      Task task = aTask().storedIn(store.repository());
      store.repository().delete(task.userId(), task.id(), Precondition.NONE);
      assertEquals(
          0,
          database.number(
              "SELECT count(content) FROM deleted_tasks WHERE id = '%s'".formatted(task.id())));
      awaitLeft(4, 0);
    }
  }

  @Test
  void aDeletionThatSomebodyUsesAtTheMomentIsSkippedAndGoesLater() throws SQLException {
    deletions(1000, "31 days", 1);
    try (Connection other = database.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT FROM deleted_tasks WHERE change_number = 3 FOR UPDATE");

      writeWith("30d", "30d", 1, 1);
      other.rollback();
    }
    writeWith("30d", "30d", 0, 0);

    assertEquals(1000, database.number("SELECT number FROM forgotten_changes"));
  }

  @Test
  void aFollowerIsToldToStartOverOnlyIfItMissesSomething() {
    deletions(5, "31 days", 1);
    deletions(5, "1 day", 6);
    database.execute("INSERT INTO change_logs VALUES ('ann', 10, '2026-01-01Z')");
    writeWith("30d", "30d", 5, 5);
    UserId ann = UserId.parse("ann");
    Instant started = Instant.parse("2026-01-01T00:00:00Z");

    try (PostgresStore store = store("30d", "30d")) {
      for (int number = 1; number <= 10; number++) {
        LogReading reading =
            store.changeLog().read(ann, new SyncPoint(started, number, null, number), 100);
        int told = reading.match(page -> page.entries().size(), startOver -> -1);
        assertEquals(number < 5 ? -1 : 10 - number, told);
      }
    }
  }

  @Test
  void writersDoNotWaitForIt() throws SQLException {
    deletions(10, "31 days", 1);
    try (Connection cleanup = database.dataSource().getConnection();
        Statement statement = cleanup.createStatement();
        PostgresStore store = store("365d", "365d")) {
      cleanup.setAutoCommit(false);
      statement.execute("DELETE FROM deleted_tasks");
      statement.execute("INSERT INTO forgotten_changes VALUES ('ann', 10)");

      UserId ann = UserId.parse("ann");
      Task task = aTask().of(ann).storedIn(store.repository());
      store.repository().delete(ann, task.id(), Precondition.NONE);
      cleanup.rollback();
    }
  }

  /** Stores a task and expects that this many deletions are left then. */
  private void writeWith(String contentRetention, String retention, long deletions, long contents) {
    try (PostgresStore store = store(contentRetention, retention)) {
      aTask().storedIn(store.repository());
      awaitLeft(deletions, contents);
    }
    // The store is closed: nothing goes on in the background.
    assertEquals(left(deletions, contents), left());
  }

  private PostgresStore store(String contentRetention, String retention) {
    return PostgresStore.on(
        database,
        database.jdbcUrl(),
        Map.of(
            "taskport.deletions.cleanup-interval",
            "0s",
            "taskport.deletions.content-retention",
            contentRetention,
            "taskport.deletions.retention",
            retention));
  }

  private void awaitLeft(long deletions, long contents) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!left().equals(left(deletions, contents)) && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertEquals(left(deletions, contents), left());
  }

  private static String left(long deletions, long contents) {
    return deletions + " deletions, " + contents + " contents";
  }

  private String left() {
    return TestDatabase.query(
        database.dataSource(),
        "SELECT concat(count(*), ' deletions, ', count(content), ' contents') FROM deleted_tasks");
  }

  private void deletions(int number, String age, int from) {
    database.execute(
        """
        INSERT INTO deleted_tasks (user_id, id, change_number, deleted_at, content)
        SELECT 'ann', gen_random_uuid(), n, now() - interval '%s', '{}'
        FROM generate_series(%d, %d) AS n
        """
            .formatted(age, from, from + number - 1));
  }
}
