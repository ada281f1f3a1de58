package dev.taskport.adapter.postgres;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import dev.taskport.testkit.SampleTasks;
import io.micronaut.data.exceptions.DataAccessException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when the database fails, in each of the ways that it can. */
class OutageTest {
  private final StoreDatabase database = StoreDatabase.create();
  private final UserId user = SampleTasks.someUser();

  @Test
  void aConnectionThatTheServerEndsIsAnOutageAndTheNextCallSucceeds() throws SQLException {
    try (PostgresStore store = PostgresStore.on(database);
        Connection other = database.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      Task task = stored(store.repository());
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE tasks");
      CompletableFuture<Void> end =
          CompletableFuture.runAsync(
              () -> {
                database.awaitWaiting();
                database.endConnections();
              });

      assertThrows(StoreUnavailableException.class, () -> toggle(store.repository(), task));

      end.join();
      other.rollback();
      assertEquals(Optional.of(task), store.repository().find(user, task.id()));
    }
  }

  @Test
  void aServerThatRestartedMeanwhileIsNotNoticed() {
    // A connection is asked whether it lives once it has been out of use for a while.
    System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "0");
    try (PostgresStore store = PostgresStore.on(database)) {
      Task task = stored(store.repository());
      System.clearProperty("com.zaxxer.hikari.aliveBypassWindowMs");

      database.endConnections();

      assertEquals(Optional.of(task), store.repository().find(user, task.id()));
    }
  }

  @Test
  void aServerThatIsNotThereIsAnOutage() throws IOException {
    WireTap tap = WireTap.before(database.port());
    tap.close();
    try (PostgresStore store =
        reachedThrough(tap, "", Map.of("datasources.default.connection-timeout", 300))) {
      assertThrows(
          StoreUnavailableException.class,
          () -> store.repository().list(user, TaskQuery.newest(100)));
    }
  }

  @Test
  void aServerThatFallsSilentIsAnOutageAndTheCallEnds() throws IOException {
    try (WireTap tap = WireTap.before(database.port());
        PostgresStore store = reachedThrough(tap, "&socketTimeout=1", Map.of())) {
      Task task = stored(store.repository());
      tap.stall();

      assertThrows(StoreUnavailableException.class, () -> toggle(store.repository(), task));

      tap.resume();
      Task after = store.repository().find(user, task.id()).orElseThrow();
      assertEquals(task.id(), after.id());
    }
  }

  @Test
  void aStatementThatWaitsTooLongIsCancelledAndAnOutage() throws SQLException, IOException {
    try (WireTap tap = WireTap.before(database.port());
        PostgresStore store = reachedThrough(tap, "&queryTimeout=1", Map.of());
        Connection other = database.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      Task task = stored(store.repository());
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE tasks");

      assertThrows(StoreUnavailableException.class, () -> toggle(store.repository(), task));

      other.rollback();
      assertEquals(Optional.of(task), store.repository().find(user, task.id()));
    }
  }

  @Test
  void aPoolThatIsUsedUpIsAnOutage() throws SQLException {
    try (PostgresStore store =
            PostgresStore.on(
                database,
                database.jdbcUrl(),
                Map.of(
                    "datasources.default.maximum-pool-size",
                    1,
                    "datasources.default.connection-timeout",
                    300));
        Connection other = database.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      Task task = stored(store.repository());
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE tasks");
      CompletableFuture<Void> first =
          CompletableFuture.runAsync(() -> toggle(store.repository(), task));
      database.awaitWaiting();

      assertThrows(StoreUnavailableException.class, () -> store.repository().find(user, task.id()));

      other.rollback();
      first.join();
      assertEquals(2, store.repository().find(user, task.id()).orElseThrow().version());
    }
  }

  @Test
  void aServerThatBecameReadOnlyIsAnOutageAndItsConnectionIsGivenUp() {
    try (PostgresStore store = PostgresStore.on(database)) {
      Task task = stored(store.repository());
      database.execute(
          """
          CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN RAISE EXCEPTION USING errcode = ''25006'', message = ''read-only''; END'
          """);
      database.execute(
          "CREATE TRIGGER refuse BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION refuse()");
      long connection = store.backend();

      assertThrows(StoreUnavailableException.class, () -> toggle(store.repository(), task));

      assertFalse(connection == store.backend(), "the same connection is still in use");
    }
  }

  /** What the server says when it is asked for a statement that another connection prepared. */
  @ParameterizedTest
  @ValueSource(strings = {"08P01", "26000", "42P05"})
  void aMixUpOfPreparedStatementsIsNoOutageAndItsConnectionIsGivenUp(String state) {
    try (PostgresStore store = PostgresStore.on(database)) {
      Task task = stored(store.repository());
      database.execute(
          """
          CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN RAISE EXCEPTION USING errcode = ''%s'', message = ''mixed up''; END'
          """
              .formatted(state));
      database.execute(
          "CREATE TRIGGER refuse BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION refuse()");
      long connection = store.backend();

      IllegalStateException failure =
          assertThrows(IllegalStateException.class, () -> toggle(store.repository(), task));

      assertTrue(String.valueOf(failure.getMessage()).contains("pooler"), failure.getMessage());
      assertFalse(connection == store.backend(), "the same connection is still in use");
    }
  }

  @Test
  void whatTheDatabaseRefusesForGoodIsNoOutage() {
    try (PostgresStore store = PostgresStore.on(database)) {
      Task tooLong = aTask().of(user).called("x".repeat(201)).build();

      assertThrows(
          DataAccessException.class, () -> store.repository().create(user, asNew(tooLong), null));
    }
  }

  @Test
  void messagesDoNotShowWhatTheRowHolds() {
    try (PostgresStore store = PostgresStore.on(database)) {
      database.execute("ALTER TABLE tasks ADD CHECK (title <> 'secret title')");
      Task task = aTask().of(user).called("secret title").build();

      Throwable failure =
          assertThrows(
              DataAccessException.class, () -> store.repository().create(user, asNew(task), null));

      for (Throwable t = failure; t != null; t = t.getCause()) {
        assertFalse(String.valueOf(t.getMessage()).contains("secret title"), t.toString());
      }
    }
  }

  @Test
  void aKeyIsKeptOnlyTogetherWithItsTask() {
    try (PostgresStore store = PostgresStore.on(database)) {
      IdempotencyKey key = IdempotencyKey.parse("k");
      Task task = aTask().of(user).build();
      database.execute("ALTER TABLE tasks ADD CONSTRAINT broken CHECK (completed) NOT VALID");

      assertThrows(
          DataAccessException.class, () -> store.repository().create(user, asNew(task), key));

      assertEquals(0, database.number("SELECT count(*) FROM idempotency_keys"));
      database.execute("ALTER TABLE tasks DROP CONSTRAINT broken");
      assertEquals(
          new CreateResult.Created(task), store.repository().create(user, asNew(task), key));
    }
  }

  private PostgresStore reachedThrough(
      WireTap tap, String parameters, Map<String, Object> settings) {
    return PostgresStore.on(database, database.jdbcUrl(tap.port()) + parameters, settings);
  }

  private Task stored(TaskRepository repository) {
    return aTask().of(user).storedIn(repository);
  }

  private void toggle(TaskRepository repository, Task task) {
    repository.change(
        user, task.id(), new TaskChange.ToggleCompleted(), Precondition.NONE, CREATED);
  }
}
