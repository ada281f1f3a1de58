package dev.taskport.adapter.postgres;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import dev.taskport.adapter.postgres.database.StatementException;
import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.StoreUnavailableException.Reason;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import dev.taskport.testkit.SampleTasks;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when the database fails, in each of the ways that it can. */
@Tag("full")
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
    try (PostgresStore store = reachedThrough(tap)) {
      assertThrows(
          StoreUnavailableException.class,
          () -> store.repository().list(user, TaskQuery.newest(100)));
    }
  }

  @Test
  void aServerThatFallsSilentIsAnOutageAndTheCallEnds() throws IOException {
    try (WireTap tap = WireTap.before(database.port());
        PostgresStore store = reachedThrough(tap)) {
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
        PostgresStore store = reachedThrough(tap);
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
    try (PostgresStore store = withConnections(1);
        Connection other = database.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      Task task = stored(store.repository());
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE tasks");
      CompletableFuture<Long> first =
          CompletableFuture.supplyAsync(() -> store.repository().count(user, TaskFilter.ALL));
      database.awaitWaiting();

      assertThrows(StoreUnavailableException.class, () -> store.repository().find(user, task.id()));

      other.rollback();
      assertEquals(1, first.join());
    }
  }

  @Test
  void aDatabaseThatAnswersOthersIsBusyAndOneThatAnswersNobodyIsUnreachable()
      throws SQLException, IOException {
    try (WireTap tap = WireTap.before(database.port());
        PostgresStore store = reachedThrough(tap);
        Connection other = database.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      Task task = stored(store.repository());
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE tasks");

      assertEquals(Reason.BUSY, failure(() -> toggle(store.repository(), task)).reason());

      other.rollback();
      tap.stall();
      assertEquals(Reason.UNREACHABLE, failure(() -> toggle(store.repository(), task)).reason());
    }
  }

  /** In tests the deadline is generous; the figures are in docs/failover.md. */
  @ParameterizedTest
  @EnumSource
  void everyCallEndsInTime(Trouble trouble) throws Exception {
    WireTap tap = WireTap.before(database.port());
    try (tap;
        PostgresStore store = reachedThrough(tap);
        Connection other = database.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      Task task = stored(store.repository());
      other.setAutoCommit(false);
      switch (trouble) {
        case REFUSED -> tap.close();
        case SILENT -> tap.stall();
        case LOCKED -> statement.execute("LOCK TABLE tasks");
      }
      List<Runnable> calls =
          List.of(
              () -> store.repository().find(user, task.id()),
              () -> toggle(store.repository(), task),
              () -> store.repository().list(user, TaskQuery.newest(100)),
              () -> store.repository().create(user, asNew(aTask().of(user).build()), null),
              () ->
                  store
                      .repository()
                      .create(user, asNew(aTask().of(user).build()), IdempotencyKey.parse("k")),
              () -> store.repository().delete(user, task.id(), Precondition.NONE));
      List<CompletableFuture<Duration>> all =
          calls.stream()
              .map(
                  call ->
                      CompletableFuture.supplyAsync(
                          () -> {
                            long start = System.nanoTime();
                            failure(call);
                            return Duration.ofNanos(System.nanoTime() - start);
                          }))
              .toList();
      for (CompletableFuture<Duration> took : all) {
        assertTrue(took.get().toMillis() < 3_000, took.get().toString());
      }
      other.rollback();
    }
  }

  enum Trouble {
    REFUSED,
    SILENT,
    LOCKED
  }

  @Test
  void connectionsThatDiedWithoutAWordCostNoError() throws IOException, SQLException {
    // A connection is asked whether it lives once it has been out of use for a while.
    System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "-1");
    try (WireTap tap = WireTap.before(database.port());
        PostgresStore store =
            PostgresStore.on(
                database,
                database.jdbcUrl(tap.port()),
                // Less than to find each of them dead.
                Map.of("taskport.database.timeout", "4s"))) {
      System.clearProperty("com.zaxxer.hikari.aliveBypassWindowMs");
      Task task = stored(store.repository());
      openAll(store);

      tap.stallOpenConnections();

      toggle(store.repository(), task);
      assertEquals(2, store.repository().find(user, task.id()).orElseThrow().version());
    }
  }

  @Test
  void aDatabaseThatIsBackIsUsedAtOnceHoweverLongItWasAway() throws IOException {
    WireTap tap = WireTap.before(database.port());
    try (PostgresStore store = reachedThrough(tap)) {
      Task task = stored(store.repository());
      tap.close();
      // The pool's own pauses would be seconds by then.
      for (int i = 0; i < 5; i++) {
        failure(() -> store.repository().find(user, task.id()));
      }
      long back = System.nanoTime();
      try (WireTap again = WireTap.inPlaceOf(tap)) {
        assertTrue(again.port() > 0);
        assertEquals(Optional.of(task), store.repository().find(user, task.id()));
        Duration took = Duration.ofNanos(System.nanoTime() - back);
        assertTrue(took.toMillis() < 1_000, took.toString());
      }
    }
  }

  @Test
  void aReadIsRepeatedOnAnotherConnection() throws SQLException {
    try (PostgresStore store = PostgresStore.on(database);
        Connection other = database.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      Task task = stored(store.repository());
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE tasks");
      CompletableFuture<Optional<Task>> read =
          CompletableFuture.supplyAsync(() -> store.repository().find(user, task.id()));
      database.awaitWaiting();

      database.endConnections();
      other.rollback();

      assertEquals(Optional.of(task), read.join());
    }
  }

  @Test
  void aCreationIsRepeatedUnderItsKeyAndStoresOneTask() throws SQLException {
    try (PostgresStore store = PostgresStore.on(database);
        Connection other = database.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      stored(store.repository());
      Task task = aTask().of(user).build();
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE tasks");
      CompletableFuture<CreateResult> creation =
          CompletableFuture.supplyAsync(
              () -> store.repository().create(user, asNew(task), IdempotencyKey.parse("k")));
      database.awaitWaiting();

      database.endConnections();
      other.rollback();

      assertEquals(new CreateResult.Created(task), creation.join());
      assertEquals(2, database.number("SELECT count(*) FROM tasks"));
    }
  }

  /** Under this isolation the server refuses all but one of those that change a row at once. */
  @Test
  void togglesAtOnceSucceedWhateverTheIsolation() {
    String url =
        database.jdbcUrl() + "&options=-c%20default_transaction_isolation=repeatable%5C%20read";
    try (PostgresStore store = PostgresStore.on(database, url, Map.of())) {
      Task task = stored(store.repository());
      List<CompletableFuture<Void>> toggles = new ArrayList<>();
      ExecutorService threads = Executors.newFixedThreadPool(20);
      for (int i = 0; i < 80; i++) {
        toggles.add(CompletableFuture.runAsync(() -> toggle(store.repository(), task), threads));
      }
      toggles.forEach(CompletableFuture::join);
      threads.shutdown();

      assertEquals(81, store.repository().find(user, task.id()).orElseThrow().version());
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
          StatementException.class, () -> store.repository().create(user, asNew(tooLong), null));
    }
  }

  @Test
  void messagesDoNotShowWhatTheRowHolds() {
    try (PostgresStore store = PostgresStore.on(database)) {
      database.execute("ALTER TABLE tasks ADD CHECK (title <> 'secret title')");
      Task task = aTask().of(user).called("secret title").build();

      Throwable failure =
          assertThrows(
              StatementException.class, () -> store.repository().create(user, asNew(task), null));

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
          StatementException.class, () -> store.repository().create(user, asNew(task), key));

      assertEquals(0, database.number("SELECT count(*) FROM idempotency_keys"));
      database.execute("ALTER TABLE tasks DROP CONSTRAINT broken");
      assertEquals(
          new CreateResult.Created(task), store.repository().create(user, asNew(task), key));
    }
  }

  private PostgresStore reachedThrough(WireTap tap) {
    return PostgresStore.on(database, database.jdbcUrl(tap.port()), Map.of());
  }

  private PostgresStore withConnections(int poolSize) {
    return PostgresStore.on(
        database, database.jdbcUrl(), Map.of("datasources.default.maximum-pool-size", poolSize));
  }

  /** Has the pool open as many connections as it may. */
  private static void openAll(PostgresStore store) throws SQLException {
    HikariDataSource pool = (HikariDataSource) store.context().getBean(DataSource.class);
    List<Connection> all = new ArrayList<>();
    while (all.size() < pool.getMaximumPoolSize()) {
      try {
        all.add(pool.getConnection());
      } catch (SQLTransientConnectionException e) {
        // It takes a little longer than the pool waits.
      }
    }
    for (Connection connection : all) {
      connection.close();
    }
  }

  private static StoreUnavailableException failure(Runnable call) {
    return assertThrows(StoreUnavailableException.class, call::run);
  }

  private Task stored(TaskRepository repository) {
    return aTask().of(user).storedIn(repository);
  }

  private void toggle(TaskRepository repository, Task task) {
    repository.change(
        user, task.id(), new TaskChange.ToggleCompleted(), Precondition.NONE, CREATED);
  }
}
