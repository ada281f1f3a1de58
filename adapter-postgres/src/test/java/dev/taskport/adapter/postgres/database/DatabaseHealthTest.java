package dev.taskport.adapter.postgres.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.PostgresStore;
import dev.taskport.adapter.postgres.StoreDatabase;
import dev.taskport.adapter.postgres.WireTap;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.StoreHealth.State;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.UserId;
import dev.taskport.testkit.SampleTasks;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The service is as healthy as its database, which is asked each time. */
class DatabaseHealthTest {
  private static final Duration GENEROUS = Duration.ofSeconds(20);

  private final StoreDatabase database = StoreDatabase.create();

  @Test
  void aDatabaseThatAnswersIsUp() {
    try (PostgresStore store = PostgresStore.on(database)) {
      assertEquals(State.UP, status(store));
    }
  }

  @Test
  void aDatabaseThatIsGoneIsDown() throws IOException {
    WireTap tap = WireTap.before(database.port());
    try (PostgresStore store = PostgresStore.on(database, database.jdbcUrl(tap.port()), Map.of())) {
      assertEquals(State.UP, status(store));
      tap.close();
      assertEquals(State.DOWN, status(store));
    }
  }

  @Test
  void aDatabaseThatFallsSilentIsDownWithinItsDeadlineAndUpAgain() throws IOException {
    try (WireTap tap = WireTap.before(database.port());
        PostgresStore store = PostgresStore.on(database, database.jdbcUrl(tap.port()), Map.of())) {
      assertEquals(State.UP, status(store));

      tap.stall();
      long asked = System.nanoTime();
      assertEquals(State.DOWN, status(store));
      Duration took = Duration.ofNanos(System.nanoTime() - asked);
      // Two seconds are promised; the driver would wait for fifteen.
      assertTrue(took.toSeconds() < 10, took.toString());

      tap.resume();
      // A question that was asked before may still be unanswered, and is not asked twice.
      long deadline = System.nanoTime() + GENEROUS.toNanos();
      while (System.nanoTime() < deadline && !status(store).equals(State.UP)) {
        Thread.onSpinWait();
      }
      assertEquals(State.UP, status(store));
    }
  }

  @Test
  void aDatabaseThatIsOnlyBusyIsUp() throws InterruptedException {
    try (PostgresStore store = withOneConnection(database.jdbcUrl())) {
      Statements statements = store.context().getBean(Statements.class);
      CountDownLatch taken = new CountDownLatch(1);
      AtomicBoolean over = new AtomicBoolean();
      // One caller keeps the only connection and gets answers on it all the time.
      CompletableFuture<?> busy =
          CompletableFuture.runAsync(
              () ->
                  statements.inTurn(
                      () -> {
                        taken.countDown();
                        while (!over.get()) {
                          statements.update("SET application_name = 'busy'", List.of());
                        }
                        return true;
                      }));

      taken.await();
      assertEquals(State.UP, status(store));
      over.set(true);
      busy.join();
    }
  }

  @Test
  void aDatabaseThatAnswersIsUpThoughALockKeepsAllConnectionsWaiting() throws Exception {
    try (WireTap tap = WireTap.before(database.port());
        PostgresStore store = withOneConnection(database.jdbcUrl(tap.port()));
        Connection other = database.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE tasks");
      CompletableFuture<?> waiting =
          CompletableFuture.runAsync(
              () -> store.repository().list(SampleTasks.someUser(), TaskQuery.newest(100)));
      database.awaitWaiting();

      assertEquals(State.UP, status(store));
      tap.stall();
      assertEquals(State.DOWN, status(store));

      tap.resume();
      other.rollback();
      waiting.join();
    }
  }

  @Test
  void aDatabaseWhoseDiskIsFullSaysSoUntilThereIsRoomAgain() {
    try (PostgresStore store = PostgresStore.on(database)) {
      UserId user = SampleTasks.someUser();
      Task task = SampleTasks.aTask().of(user).storedIn(store.repository());
      long before = database.number("SELECT count(*) FROM idempotency_keys");
      assertEquals(State.UP, status(store));

      database.execute(
          "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
              + " RAISE EXCEPTION USING ERRCODE = '53100'; END $$;"
              + " CREATE TRIGGER full_tasks BEFORE UPDATE ON tasks FOR EACH ROW"
              + " EXECUTE FUNCTION no_room();"
              + " CREATE TRIGGER full_keys BEFORE INSERT ON idempotency_keys FOR EACH ROW"
              + " EXECUTE FUNCTION no_room()");
      StoreUnavailableException full =
          assertThrows(
              StoreUnavailableException.class,
              () ->
                  store
                      .repository()
                      .change(
                          user,
                          task.id(),
                          new TaskChange.ToggleCompleted(),
                          Precondition.NONE,
                          task.createdAt()));
      assertEquals(StoreUnavailableException.Reason.FULL, full.reason());
      for (int poll = 0; poll < 3; poll++) {
        assertEquals(State.FULL, status(store));
        // Reads go on, and so do writes that find a place: neither says that there is room.
        assertEquals(Optional.of(task), store.repository().find(user, task.id()));
        SampleTasks.aTask().of(user).storedIn(store.repository());
      }

      database.execute("DROP FUNCTION no_room CASCADE");
      assertEquals(State.UP, status(store));
      assertEquals(before, database.number("SELECT count(*) FROM idempotency_keys"));
    }
  }

  /** Whoever waits for the connection waits for longer than the test takes. */
  private PostgresStore withOneConnection(String url) {
    return PostgresStore.on(
        database,
        url,
        Map.of("datasources.default.maximum-pool-size", 1, "taskport.database.timeout", "60s"));
  }

  private static State status(PostgresStore store) {
    return store
        .context()
        .getBean(DatabaseHealth.class)
        .check()
        .toCompletableFuture()
        .orTimeout(GENEROUS.toSeconds(), TimeUnit.SECONDS)
        .join();
  }
}
