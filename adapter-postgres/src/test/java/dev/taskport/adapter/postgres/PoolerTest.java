package dev.taskport.adapter.postgres;

import static dev.taskport.testkit.SampleTasks.asNew;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.address.ServerSession;
import dev.taskport.adapter.postgres.migration.Migrations;
import dev.taskport.adapter.postgres.migration.lock.MigrationException;
import dev.taskport.adapter.postgres.migration.lock.MigrationLock;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.UserId;
import dev.taskport.testkit.SampleTasks;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** How a pooler is told from the server, and what is done only on the server itself. */
class PoolerTest {
  private static final int TIMES = 12;

  private final StoreDatabase database = StoreDatabase.create();

  @Test
  void aFrequentStatementIsPreparedOnTheServerItself() throws IOException {
    try (WireTap tap = WireTap.before(database.port())) {
      assertTrue(statementsParsed(tap, "") < TIMES);
    }
  }

  @Test
  void throughAPoolerNoStatementIsPrepared() throws IOException {
    try (WireTap pooler = WireTap.likeAPooler(database.port())) {
      assertEquals(TIMES, statementsParsed(pooler, ""));
    }
  }

  @Test
  void theUrlDecidesOtherwise() throws IOException {
    try (WireTap pooler = WireTap.likeAPooler(database.port());
        WireTap tap = WireTap.before(database.port())) {
      assertTrue(statementsParsed(pooler, "&prepareThreshold=5") < TIMES);
      assertEquals(TIMES, statementsParsed(tap, "&prepareThreshold=0"));
    }
  }

  @Test
  void anOlderSessionThatHappensToHaveTheRightNumberIsNotTakenForTheConnectionsOwn()
      throws SQLException {
    long beforeOpening = System.nanoTime();
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      assertTrue(ServerSession.of(connection, beforeOpening).direct());
      statement.execute("SELECT pg_sleep(1)");

      assertFalse(ServerSession.of(connection, System.nanoTime()).direct());
    }
  }

  @Test
  void aStartWithNothingToMigrateIsAHandfulOfRoundTrips() throws IOException {
    try (WireTap tap = WireTap.before(database.port())) {
      String sent = tap.during(() -> new Migrations(through(tap)).migrate());

      long roundTrips = sent.chars().filter(c -> c == 'S' || c == 'Q').count();
      assertTrue(roundTrips <= 5, sent);
      // A log-in by SCRAM is two messages. The last message, Terminate, may still be on its way.
      assertTrue(sent.chars().filter(c -> c == 'p').count() <= 2, "one connection: " + sent);
    }
  }

  @Test
  void aStartWithNothingToMigrateTakesNoLock() throws Exception {
    try (MigrationLock lock = MigrationLock.take(database.dataSource(), Duration.ofSeconds(10))) {
      CompletableFuture.runAsync(() -> new Migrations(database.dataSource()).migrate())
          .get(20, TimeUnit.SECONDS);
      lock.check();
    }
  }

  @Test
  void aStartWithNothingToMigrateGoesThroughAPooler() throws IOException {
    try (WireTap pooler = WireTap.likeAPooler(database.port())) {
      new Migrations(through(pooler)).migrate();

      assertTrue(new Migrations(through(pooler)).plan().contains("There is nothing to do."));
    }
  }

  @Tag("full")
  @Test
  void nothingIsMigratedThroughAPoolerThatNobodyVouchedFor() throws IOException {
    PGSimpleDataSource empty = TestDatabase.empty();
    try (WireTap pooler = WireTap.likeAPooler(database.port())) {
      empty.setPortNumbers(new int[] {pooler.port()});
      empty.setSslMode("disable");

      MigrationException refusal =
          assertThrows(MigrationException.class, () -> new Migrations(empty).migrate());

      String message = String.valueOf(refusal.getMessage());
      assertTrue(message.contains("set DIRECT_URL"), message);
      assertEquals(1, message.lines().count());
      assertTrue(new Migrations(empty).plan().contains("Refused: " + message));

      new Migrations(empty, true).migrate();

      new Migrations(empty).migrate();
    }
  }

  /** How often the server is sent the text of a statement that is carried out {@link #TIMES}. */
  private long statementsParsed(WireTap tap, String parameters) {
    UserId user = SampleTasks.someUser();
    Task task = SampleTasks.aTask().of(user).build();
    try (PostgresStore store =
        PostgresStore.on(
            database,
            database.jdbcUrl(tap.port()) + parameters,
            Map.of("datasources.default.maximum-pool-size", 1))) {
      store.repository().create(user, asNew(task), null);
      String sent =
          tap.during(
              () -> {
                for (int i = 0; i < TIMES; i++) {
                  store
                      .repository()
                      .change(
                          user,
                          task.id(),
                          new TaskChange.ToggleCompleted(),
                          Precondition.NONE,
                          SampleTasks.CREATED);
                }
              });
      assertEquals(TIMES, sent.chars().filter(c -> c == 'E').count(), sent);
      return sent.chars().filter(c -> c == 'P').count();
    }
  }

  private PGSimpleDataSource through(WireTap tap) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setUrl(database.jdbcUrl(tap.port()));
    dataSource.setUser(database.dataSource().getUser());
    dataSource.setPassword(database.dataSource().getPassword());
    return dataSource;
  }
}
