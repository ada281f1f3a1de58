package dev.taskport.adapter.postgres;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.pipeline.OpenPipelines;
import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.testkit.AwaitedTaskRepository;
import dev.taskport.testkit.SampleTasks;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server waits for a standby to confirm each change, and there is none. */
@Tag("full")
class SynchronousStandbyTest {
  private final StoreDatabase database = StoreDatabase.create();
  private final UserId user = SampleTasks.someUser();
  private final Task task = aTask().of(user).build();

  @BeforeEach
  void waitForAStandby() throws SQLException {
    database.execute("CREATE TABLE probe (n bigint)");
    try (PostgresStore store = PostgresStore.on(database)) {
      store.repository().create(user, asNew(task), null);
    }
    configure("ALTER SYSTEM SET synchronous_standby_names = '*'");
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      do {
        assertTrue(System.nanoTime() < deadline, "the server waits for no standby");
        statement.execute("INSERT INTO probe VALUES (1)");
      } while (statement.getWarnings() == null);
    }
  }

  @AfterEach
  void waitForNone() {
    configure("ALTER SYSTEM RESET synchronous_standby_names");
  }

  private static void configure(String sql) {
    TestDatabase.execute(TestDatabase.superuser(), sql);
    TestDatabase.query(TestDatabase.superuser(), "SELECT pg_reload_conf()");
  }

  @Test
  void noWriteIsConfirmedThatTheStandbyHasNot() {
    try (PostgresStore store = store("")) {
      TaskRepository repository = store.repository();
      unconfirmed(() -> repository.create(user, asNew(aTask().of(user).build()), null));
      unconfirmed(
          () ->
              repository.create(user, asNew(aTask().of(user).build()), IdempotencyKey.parse("k")));
      for (TaskChange change :
          new TaskChange[] {
            TaskChange.Edit.NOTHING.withTitle(Title.parse("Buy bread")),
            new TaskChange.SetCompleted(true),
            new TaskChange.SetCompleted(true), // it is, but the standby does not know
            new TaskChange.ToggleCompleted()
          }) {
        unconfirmed(() -> repository.change(user, task.id(), change, Precondition.NONE, CREATED));
      }
      unconfirmed(() -> repository.delete(user, task.id(), Precondition.NONE));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&options=-c%20client_min_messages=error"})
  void noWriteOfAnEventLoopIsConfirmedEither(String parameters) {
    try (PostgresStore store =
        store(parameters, Map.of("micronaut.netty.event-loops.default.num-threads", 1))) {
      TaskRepository repository = new AwaitedTaskRepository(store.async(), store.repository());
      unconfirmed(() -> repository.create(user, asNew(aTask().of(user).build()), null));
      assertTrue(OpenPipelines.areForWritesOf(store, user));

      unconfirmed(() -> repository.delete(user, task.id(), Precondition.NONE));

      assertFalse(OpenPipelines.areForWritesOf(store, user)); // its statement was cancelled
    }
  }

  @Test
  void aRetryUnderTheKeyIsConfirmedOnlyWhenTheFirstTryIsToo() {
    IdempotencyKey key = IdempotencyKey.parse("k");
    Task first = aTask().of(user).build();
    Task retry = aTask().of(user).build();
    try (PostgresStore store = store("")) {
      unconfirmed(() -> store.repository().create(user, asNew(first), key));
      unconfirmed(() -> store.repository().create(user, asNew(retry), key));

      waitForNone();

      CreateResult result = null;
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (result == null) {
        assertTrue(System.nanoTime() < deadline, "the server still waits for a standby");
        try {
          result = store.repository().create(user, asNew(retry), key);
        } catch (StoreUnavailableException e) {
          result = null; // the server has not read its new setting yet
        }
      }
      assertEquals(new CreateResult.Replayed(first), result);
    }
  }

  /** Documented: PostgreSQL itself shows it to everybody from then on. */
  @Test
  void readsShowAChangeWhoseWaitWasCutShort() {
    try (PostgresStore store = store("")) {
      unconfirmed(() -> store.repository().delete(user, task.id(), Precondition.NONE));

      assertEquals(Optional.empty(), store.repository().find(user, task.id()));
      assertEquals(
          new WriteResult.NotFound(),
          store.repository().delete(user, task.id(), Precondition.NONE));
    }
  }

  @Test
  void aServerThatHidesItsWarningsIsToldNotTo() {
    try (PostgresStore store = store("&options=-c%20client_min_messages=error")) {
      unconfirmed(() -> store.repository().delete(user, task.id(), Precondition.NONE));
    }
  }

  @Test
  void aWaitThatEndsWithItsConnectionIsNotConfirmed() {
    try (PostgresStore store = PostgresStore.on(database)) {
      CompletableFuture<Void> end =
          CompletableFuture.runAsync(
              () -> {
                String waiting =
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
                        + " AND application_name = '"
                        + database.dataSource().getCurrentSchema()
                        + "'";
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                while (database.number(waiting) == 0) {
                  assertTrue(System.nanoTime() < deadline, "nobody waits for the standby");
                }
                database.endConnections();
              });

      unconfirmed(() -> store.repository().delete(user, task.id(), Precondition.NONE));
      end.join();
    }
  }

  private PostgresStore store(String parameters) {
    return store(parameters, Map.of());
  }

  private PostgresStore store(String parameters, Map<String, Object> settings) {
    return PostgresStore.on(
        database, database.jdbcUrl() + "&queryTimeout=1" + parameters, settings);
  }

  private static void unconfirmed(Runnable write) {
    assertThrows(StoreUnavailableException.class, write::run);
  }
}
