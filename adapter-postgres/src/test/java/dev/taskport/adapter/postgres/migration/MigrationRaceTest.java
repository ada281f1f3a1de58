package dev.taskport.adapter.postgres.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.taskport.adapter.postgres.TestDatabase;
import dev.taskport.adapter.postgres.migration.legacy.LegacyBackend;
import dev.taskport.adapter.postgres.migration.legacy.LegacyTable;
import dev.taskport.adapter.postgres.migration.legacy.LegacyTableMigration;
import dev.taskport.adapter.postgres.migration.legacy.MigrationStep;
import dev.taskport.adapter.postgres.migration.lock.MigrationException;
import dev.taskport.adapter.postgres.migration.lock.MigrationLock;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.LoggerFactory;

/** Migrations that are killed, blocked, or run by several instances at once. */
@Tag("full")
class MigrationRaceTest {

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final String ALL_STEPS =
      LegacyBackend.TABLE.replace("title VARCHAR(200) NOT NULL", "title VARCHAR(200)")
          + LegacyBackend.FIELDS;

  private final ExecutorService instances = Executors.newCachedThreadPool();
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger("dev.taskport");

  @BeforeEach
  void listen() {
    root.setLevel(Level.INFO);
    root.setAdditive(false);
    logged.start();
    root.addAppender(logged);
  }

  @AfterEach
  void end() throws InterruptedException {
    root.detachAppender(logged);
    root.setAdditive(true);
    root.setLevel(null);
    instances.shutdown();
    assertTrue(instances.awaitTermination(2, TimeUnit.MINUTES));
  }

  @ParameterizedTest
  @CsvSource({"TIMESTAMP WITHOUT TIME ZONE, false", "DATE DEFAULT CURRENT_DATE, true"})
  void aRunThatWasKilledBetweenAnyTwoStepsIsSimplyStartedAgain(String due, boolean allDay)
      throws SQLException {
    String table = ALL_STEPS.replace("due_date TIMESTAMP WITHOUT TIME ZONE", "due_date " + due);
    int steps = steps(LegacyBackend.database(table)).size();
    assertEquals(9, steps);
    for (int done = 0; done <= steps; done++) {
      PGSimpleDataSource database = LegacyBackend.database(table);
      String before = LegacyBackend.contents(database);
      runSteps(database, steps(database).subList(0, done));

      new Migrations(database).migrate();

      assertTakenOver(database, before);
      assertEquals(
          allDay ? "t" : "f",
          TestDatabase.query(
              database, "SELECT DISTINCT due_all_day AND due_date IS NOT NULL FROM tasks"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tasks_primary_key", "tasks_list_by_created_at"})
  void aRunThatWasKilledWhileItBuiltAnIndexIsSimplyStartedAgain(String index) throws Exception {
    PGSimpleDataSource database = LegacyBackend.database();
    String before = LegacyBackend.contents(database);
    runSteps(
        database,
        steps(database).stream()
            .takeWhile(step -> !step.sql().contains("INDEX CONCURRENTLY " + index))
            .toList());
    Future<?> killed;
    try (Connection reader = snapshot(database)) {
      killed = start(new Migrations(database));
      until(database, indexBuildWaits());
      kill(database, indexBuildWaits());
      assertStopped(killed);
      reader.rollback();
    }
    assertTrue(LegacyBackend.shape(database).contains("INVALID"));

    new Migrations(database).migrate();

    assertTakenOver(database, before);
  }

  @Test
  void whatAKilledRunHasBuiltIsKept() throws SQLException {
    PGSimpleDataSource database = LegacyBackend.database();
    List<MigrationStep> steps = steps(database);
    runSteps(database, steps.subList(0, steps.size() - 1));
    String files =
        "SELECT string_agg(pg_relation_filenode(indexrelid)::text, ' ' ORDER BY 1) FROM pg_index"
            + " WHERE indrelid = 'tasks'::regclass AND indisprimary";
    String before = TestDatabase.query(database, files);

    new Migrations(database).migrate();

    assertEquals(before, TestDatabase.query(database, files));
  }

  @Test
  void anIndexBuildThatOutlivesItsProcessIsNoHindrance() throws Exception {
    PGSimpleDataSource database = LegacyBackend.database();
    String before = LegacyBackend.contents(database);
    Instance process = new Instance(database);
    Future<?> next;
    try (Connection reader = snapshot(database)) {
      Future<?> dead = start(new Migrations(process));
      until(database, indexBuildWaits());
      process.die();
      next = start(new Migrations(database));
      assertStopped(dead);
      until(
          database,
          "FROM pg_locks a WHERE locktype = 'advisory' AND granted AND mode = 'ExclusiveLock'");
      reader.rollback();
    }

    next.get(2, TimeUnit.MINUTES);

    assertTakenOver(database, before);
  }

  @Test
  void aRunThatLostItsLockStopsAndIsSimplyStartedAgain() throws Exception {
    PGSimpleDataSource database = LegacyBackend.database();
    String before = LegacyBackend.contents(database);
    Future<?> robbed;
    try (Connection reader = snapshot(database)) {
      robbed = start(new Migrations(database));
      until(database, indexBuildWaits());
      kill(database, "FROM pg_locks a WHERE locktype = 'advisory' AND granted");
      reader.rollback();
    }
    assertStopped(robbed);

    new Migrations(database).migrate();

    assertTakenOver(database, before);
  }

  @Test
  void instancesThatStartAtOnceOnAnEmptySchemaAllComeUp() throws Exception {
    PGSimpleDataSource database = TestDatabase.empty();

    startFour(database);

    assertEquals(LegacyBackend.shape(TestDatabase.migrated()), LegacyBackend.shape(database));
  }

  @Test
  void instancesThatStartAtOnceOnTheOldTableAllComeUp() throws Exception {
    PGSimpleDataSource database = LegacyBackend.database();
    String before = LegacyBackend.contents(database);

    startFour(database);

    assertTakenOver(database, before);
  }

  @Test
  void aWaitingInstanceSaysSoAndThenGoesOn() throws Exception {
    PGSimpleDataSource database = TestDatabase.empty();
    Future<?> waiting;
    try (MigrationLock other = MigrationLock.take(database, LONG)) {
      waiting = start(new Migrations(database));
      untilLogged("waiting for another instance's migration");
      other.check();
      assertEquals("null", LegacyBackend.catalog(database));
    }

    waiting.get(2, TimeUnit.MINUTES);

    assertEquals("0", TestDatabase.query(database, "SELECT count(*) FROM tasks"));
  }

  @Test
  void aWaitingInstanceGivesUpInTheEnd() throws SQLException {
    PGSimpleDataSource database = TestDatabase.empty();
    try (MigrationLock other = MigrationLock.take(database, LONG)) {
      Migrations impatient =
          new Migrations(database, Duration.ZERO, Duration.ZERO, "classpath:db/migration");

      MigrationException failure = assertThrows(MigrationException.class, impatient::migrate);

      other.check();
      assertTrue(
          String.valueOf(failure.getMessage()).startsWith("another instance has been migrating"),
          failure.getMessage());
    }
  }

  @Test
  void nobodyQueuesBehindAMigrationThatWaitsForALock() throws Exception {
    PGSimpleDataSource database = LegacyBackend.database();
    String before = LegacyBackend.contents(database);
    PGSimpleDataSource reader = new PGSimpleDataSource();
    reader.setUrl(database.getUrl());
    reader.setUser(database.getUser());
    reader.setPassword(database.getPassword());
    reader.setOptions("-c statement_timeout=30s");
    Future<?> migration;
    try (Connection blocker = database.getConnection();
        Statement statement = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      statement.execute("SELECT FROM tasks LIMIT 1");
      migration = start(new Migrations(database));
      for (int i = 0; i < 3; i++) {
        until(
            database,
            "FROM pg_locks a WHERE relation = 'tasks'::regclass AND NOT granted"
                + " AND mode = 'AccessExclusiveLock'");
        assertEquals(
            "" + LegacyBackend.ROWS, TestDatabase.query(reader, "SELECT count(*) FROM tasks"));
      }
      untilLogged("held by server process");
      assertFalse(migration.isDone());
    }

    migration.get(2, TimeUnit.MINUTES);

    assertTakenOver(database, before);
  }

  @Test
  void aTableThatStaysLockedIsLeftAsItWasAndTheHolderIsNamed() throws SQLException {
    PGSimpleDataSource database = LegacyBackend.database();
    String before = LegacyBackend.catalog(database);
    try (Connection blocker = database.getConnection();
        Statement statement = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      statement.execute("SELECT FROM tasks LIMIT 1");
      Migrations impatient =
          new Migrations(database, LONG, Duration.ZERO, "classpath:db/migration");

      MigrationException failure = assertThrows(MigrationException.class, impatient::migrate);

      String holder =
          "server process "
              + blocker.unwrap(org.postgresql.PGConnection.class).getBackendPID()
              + " (role taskport";
      assertTrue(String.valueOf(failure.getMessage()).contains(holder), failure.getMessage());
    }
    assertEquals(before, LegacyBackend.catalog(database));
  }

  @Test
  void theDefaultsOfRoleAndServerDoNotGetInTheWay() throws Exception {
    PGSimpleDataSource database = LegacyBackend.database();
    String before = LegacyBackend.contents(database);
    PGSimpleDataSource odd = new PGSimpleDataSource();
    odd.setUrl(database.getUrl());
    odd.setUser(database.getUser());
    odd.setPassword(database.getPassword());
    odd.setOptions(
        "-c idle_in_transaction_session_timeout=1s -c transaction_timeout=1s -c lock_timeout=1s"
            + " -c default_transaction_isolation=serializable");
    Future<?> migration;
    try (Connection reader = snapshot(database)) {
      migration = start(new Migrations(odd));
      until(database, indexBuildWaits());
      TestDatabase.query(database, "SELECT pg_sleep(2)");
      reader.rollback();
    }

    migration.get(2, TimeUnit.MINUTES);

    assertTakenOver(database, before);
  }

  private void startFour(PGSimpleDataSource database) throws Exception {
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(start(new Migrations(database)));
    }
    for (Future<?> one : all) {
      one.get(2, TimeUnit.MINUTES);
    }
    assertEquals(
        "1",
        TestDatabase.query(
            database, "SELECT count(*) FROM taskport_schema_history WHERE version = '1'"));
  }

  private Future<?> start(Migrations migrations) {
    return instances.submit(migrations::migrate);
  }

  private static void assertStopped(Future<?> migration) {
    ExecutionException failure =
        assertThrows(ExecutionException.class, () -> migration.get(2, TimeUnit.MINUTES));
    assertInstanceOf(MigrationException.class, failure.getCause());
  }

  /** A session that index builds wait for. */
  private static Connection snapshot(PGSimpleDataSource database) throws SQLException {
    Connection connection = database.getConnection();
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT FROM pg_class LIMIT 1");
    }
    return connection;
  }

  private static String indexBuildWaits() {
    return "FROM pg_stat_activity a WHERE query ~ '^CREATE .*INDEX CONCURRENTLY'"
        + " AND wait_event = 'virtualxid'";
  }

  private static void kill(PGSimpleDataSource database, String from) {
    assertEquals("t", TestDatabase.query(database, "SELECT pg_terminate_backend(a.pid) " + from));
  }

  /** Waits until the server says that there is such a row. */
  private static void until(PGSimpleDataSource database, String from) {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!TestDatabase.query(database, "SELECT EXISTS (SELECT " + from + ") FROM pg_sleep(0.02)")
        .equals("t")) {
      assertTrue(System.nanoTime() < deadline, from);
    }
  }

  private void untilLogged(String text) {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (List.copyOf(logged.list).stream()
        .noneMatch(event -> event.getFormattedMessage().contains(text))) {
      assertTrue(System.nanoTime() < deadline, text);
      Thread.onSpinWait();
    }
  }

  private static List<MigrationStep> steps(PGSimpleDataSource database) throws SQLException {
    try (Connection connection = database.getConnection()) {
      return new LegacyTableMigration(LegacyTable.find(connection).orElseThrow()).steps();
    }
  }

  private static void runSteps(PGSimpleDataSource database, List<MigrationStep> steps)
      throws SQLException {
    try (Connection connection = database.getConnection()) {
      for (MigrationStep step : steps) {
        step.run(connection, LONG);
      }
    }
  }

  private static void assertTakenOver(PGSimpleDataSource database, String before) {
    assertEquals(before, LegacyBackend.contents(database));
    assertEquals(LegacyBackend.shape(TestDatabase.migrated()), LegacyBackend.shape(database));
  }

  /** What one process opens. */
  private static final class Instance extends PGSimpleDataSource {

    private static final long serialVersionUID = 1L;

    private final transient List<Connection> opened = new CopyOnWriteArrayList<>();

    Instance(PGSimpleDataSource like) {
      setUrl(like.getUrl());
      setUser(like.getUser());
      setPassword(like.getPassword());
    }

    @Override
    public Connection getConnection() throws SQLException {
      Connection connection = super.getConnection();
      opened.add(connection);
      return connection;
    }

    /** Cuts the connections, in the middle of whatever the server does for them. */
    void die() throws SQLException {
      for (Connection connection : opened) {
        connection.abort(Runnable::run);
      }
    }
  }
}
