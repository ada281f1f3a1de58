package dev.taskport.adapter.postgres.pipeline;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static dev.taskport.testkit.SampleTasks.someId;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.PostgresStore;
import dev.taskport.adapter.postgres.StoreDatabase;
import dev.taskport.adapter.postgres.WireTap;
import dev.taskport.adapter.postgres.database.StatementException;
import dev.taskport.adapter.postgres.database.Statements;
import dev.taskport.domain.CreateResult;
import dev.taskport.domain.DueDate;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Priority;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.Tags;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskChange.Edit;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.async.AsyncTaskRepository;
import dev.taskport.domain.changelog.MarkedTasks;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What event loops read and write over connections of their own, and when they don't. */
class PipelinesTest {
  private static final UserId USER = someUser();
  private static final TaskChange TOGGLE = new TaskChange.ToggleCompleted();

  private final StoreDatabase database = StoreDatabase.create();

  @Test
  void aReadNeedsNoConnectionOfThePool() throws Exception {
    try (PostgresStore store = store(Map.of("datasources.default.maximum-pool-size", 1))) {
      Task task = aTask().of(USER).storedIn(store.repository());
      open(store);
      CountDownLatch free = usingTheOnlyConnection(store);

      assertEquals(Optional.of(task), result(async(store).find(USER, task.id())));
      assertEquals(List.of(task), list(store, TaskQuery.newest(10)).tasks());

      free.countDown();
    }
  }

  @Test
  void theResultsAreThoseOfTheOtherWay() throws Exception {
    try (PostgresStore store = store(Map.of())) {
      List<Task> tasks = fill(store);
      open(store);
      Map<Task, CompletionStage<Optional<Task>>> found = new HashMap<>();
      Map<TaskQuery, CompletionStage<MarkedTasks>> listed = new HashMap<>();
      for (Task task : tasks) {
        found.put(task, async(store).find(USER, task.id()));
      }
      for (TaskQuery query : queries(tasks)) {
        for (UserId user : List.of(USER, someUser())) {
          assertEquals(
              store.changeLog().listMarked(user, query),
              result(async(store).listMarked(user, query)));
        }
        listed.put(query, async(store).listMarked(USER, query));
      }

      for (Map.Entry<Task, CompletionStage<Optional<Task>>> one : found.entrySet()) {
        assertEquals(Optional.of(one.getKey()), result(one.getValue()));
      }
      for (Map.Entry<TaskQuery, CompletionStage<MarkedTasks>> page : listed.entrySet()) {
        assertEquals(store.changeLog().listMarked(USER, page.getKey()), result(page.getValue()));
      }
      assertEquals(Optional.empty(), result(async(store).find(USER, someId())));
      assertEquals(Optional.empty(), result(async(store).find(someUser(), tasks.get(0).id())));
      assertTrue(store.batches("find").max() > 10, "the largest batch: " + store.batches("find"));
      assertTrue(isOpen(store));
    }
  }

  @Test
  void aReadSeesWhatWasConfirmedBefore() throws Exception {
    try (PostgresStore store = store(Map.of())) {
      Task task = aTask().of(USER).storedIn(store.repository());
      open(store);
      for (int i = 0; i < 200; i++) {
        store.repository().change(USER, task.id(), TOGGLE, Precondition.NONE, CREATED);

        Task read = result(async(store).find(USER, task.id())).orElseThrow();

        assertEquals(i % 2 == 0, read.completed());
      }
      assertTrue(isOpen(store));
    }
  }

  @Test
  void whenItsSessionEndsAReadGoesTheOtherWay() throws Exception {
    try (PostgresStore store = store(Map.of("taskport.database.timeout", "20s"))) {
      Task task = aTask().of(USER).storedIn(store.repository());
      open(store);
      try (Connection locking = lockingTheTable()) {
        CompletionStage<Optional<Task>> read = async(store).find(USER, task.id());
        database.awaitWaiting();

        database.endConnections();
        assertFalse(read.toCompletableFuture().isDone());
        locking.rollback();

        assertEquals(Optional.of(task), result(read));
        assertFalse(isOpen(store));
      }
    }
  }

  @Test
  void whenTheServerRefusesAStatementAReadGoesTheOtherWay() throws Exception {
    try (PostgresStore store = store(Map.of())) {
      Task task = aTask().of(USER).storedIn(store.repository());
      open(store);
      assertEquals(Optional.of(task), result(async(store).find(USER, task.id())));
      // The server refuses a prepared statement whose columns have got other types.
      database.execute("ALTER TABLE tasks RENAME TO stored");
      database.execute(
          "CREATE VIEW tasks AS SELECT user_id, id, title::text, description, completed, created_at,"
              + " updated_at, version, priority, tags, due_date, due_all_day FROM stored");

      assertEquals(Optional.of(task), result(async(store).find(USER, task.id())));
      assertFalse(isOpen(store));
    }
  }

  @Test
  void aReadIsToldInTimeThatTheServerDoesNotAnswer() throws Exception {
    try (PostgresStore store = store(Map.of("taskport.database.timeout", "1s"))) {
      Task task = aTask().of(USER).storedIn(store.repository());
      open(store);
      try (Connection locking = lockingTheTable()) {
        List<CompletionStage<Optional<Task>>> reads = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          reads.add(async(store).find(USER, task.id()));
        }

        for (CompletionStage<Optional<Task>> read : reads) {
          ExecutionException failure = assertThrows(ExecutionException.class, () -> result(read));
          assertInstanceOf(StoreUnavailableException.class, failure.getCause());
        }
        locking.rollback();
      }
      assertEquals(Optional.of(task), result(async(store).find(USER, task.id())));
    }
  }

  @Test
  void whenItsConnectionFallsSilentAReadGoesTheOtherWay() throws Exception {
    try (WireTap tap = WireTap.before(database.port());
        PostgresStore store =
            PostgresStore.on(
                database,
                database.jdbcUrl(tap.port()),
                loops(Map.of("taskport.database.timeout", "6s")))) {
      Task task = aTask().of(USER).storedIn(store.repository());
      open(store);
      tap.stallOpenConnections();

      assertEquals(Optional.of(task), result(async(store).find(USER, task.id())));

      await(
          () -> {
            assertEquals(Optional.of(task), result(async(store).find(USER, task.id())));
            return isOpen(store);
          });
      tap.resume();
    }
  }

  @Test
  void throughAPoolerThereIsNone() throws Exception {
    try (WireTap pooler = WireTap.likeAPooler(database.port());
        PostgresStore store =
            PostgresStore.on(database, database.jdbcUrl(pooler.port()), loops(Map.of()))) {
      Task task = aTask().of(USER).storedIn(store.repository());

      assertEquals(Optional.of(task), result(async(store).find(USER, task.id())));
      await(() -> store.context().getBean(Pipelines.class).isResting());

      assertEquals(Optional.of(task), result(async(store).find(USER, task.id())));
    }
  }

  @Test
  void withoutBatchesThereIsNone() throws Exception {
    try (PostgresStore store = store(Map.of("taskport.batches.on", false))) {
      Task task = aTask().of(USER).storedIn(store.repository());

      assertEquals(Optional.of(task), result(async(store).find(USER, task.id())));
      assertFalse(isOpen(store));
    }
  }

  @Test
  void aWriteNeedsNoConnectionOfThePool() throws Exception {
    try (PostgresStore store = store(Map.of("datasources.default.maximum-pool-size", 1))) {
      Task task = aTask().of(USER).storedIn(store.repository());
      openForWrites(store);
      CountDownLatch free = usingTheOnlyConnection(store);

      Task done = written(toggle(store, task));
      Edit edit = Edit.NOTHING.withTitle(Title.parse("Größer")).withDescription(null);
      Task edited = written(change(store, done, edit, onlyIf(done)));
      Task created = aTask().of(USER).build(); // the first task of a user would need one
      assertEquals(
          new CreateResult.Created(created),
          result(async(store).create(USER, asNew(created), null)));
      assertEquals(edited, written(async(store).delete(USER, task.id(), Precondition.NONE)));

      free.countDown();
      assertEquals(task.apply(TOGGLE, CREATED).apply(edit, CREATED), edited);
      assertEquals(Optional.empty(), result(async(store).find(USER, task.id())));
      assertEquals(Optional.of(created), result(async(store).find(created.userId(), created.id())));
    }
  }

  @Test
  void writesThatComeTogetherAreOneStatementAndEachOfATaskIsItsOwn() throws Exception {
    try (PostgresStore store = store(Map.of())) {
      List<Task> tasks = fill(store);
      openForWrites(store);
      List<CompletionStage<WriteResult>> toggles = new ArrayList<>();
      for (Task task : tasks) {
        toggles.add(toggle(store, task));
        toggles.add(toggle(store, task));
      }

      for (int i = 0; i < tasks.size(); i++) {
        List<Long> versions = new ArrayList<>();
        for (CompletionStage<WriteResult> toggle : toggles.subList(2 * i, 2 * i + 2)) {
          versions.add(written(toggle).version());
        }
        Collections.sort(versions);
        long version = tasks.get(i).version();
        assertEquals(List.of(version + 1, version + 2), versions);
      }
      assertTrue(store.batches("complete").max() > 10, "" + store.batches("complete"));
      assertTrue(isOpenForWrites(store));
    }
  }

  @Test
  void whatTheServerRollsBackIsCarriedOutAlone() throws Exception {
    try (PostgresStore store = store(Map.of())) {
      List<Task> tasks = fill(store);
      openForWrites(store);
      onEach(
          "UPDATE",
          "IF current_setting('lock_timeout') = '100ms' THEN RAISE 'not together'; END IF;");
      List<CompletionStage<WriteResult>> toggles =
          tasks.stream().map(task -> toggle(store, task)).toList();

      for (int i = 0; i < tasks.size(); i++) {
        assertEquals(tasks.get(i).apply(TOGGLE, CREATED), written(toggles.get(i)));
      }
      assertFalse(isOpenForWrites(store));
    }
  }

  @Test
  void whenItsSessionEndsNobodyKnowsWhatBecameOfAWriteThatWasSent() throws Exception {
    try (PostgresStore store = store(Map.of("taskport.database.timeout", "20s"))) {
      Task slow = aTask().of(USER).called("slow").storedIn(store.repository());
      Task task = aTask().of(USER).storedIn(store.repository());
      openForWrites(store);
      makeWritesOfSlowTake(30);
      CompletionStage<WriteResult> toggle = toggle(store, slow);
      awaitSlowWrite();
      CompletionStage<WriteResult> behind = toggle(store, task);
      Edit edit = Edit.NOTHING.withTitle(Title.parse("Not sent yet"));
      CompletionStage<WriteResult> notSent = change(store, task, edit, Precondition.NONE);
      result(async(store).find(USER, task.id())); // the loop has taken all of them by now

      endSlowWrites();

      assertInstanceOf(StoreUnavailableException.class, failure(toggle));
      assertInstanceOf(StoreUnavailableException.class, failure(behind));
      assertEquals(task.apply(edit, CREATED), written(notSent));
      assertEquals(Optional.of(slow), result(async(store).find(USER, slow.id())));
    }
  }

  @Test
  void aCreationWithAKeyIsMadeAgainWhenItsSessionEnds() throws Exception {
    try (PostgresStore store = store(Map.of("taskport.database.timeout", "20s"))) {
      aTask().of(USER).storedIn(store.repository());
      openForWrites(store);
      String together = "current_setting('lock_timeout') = '100ms'";
      onEach("INSERT", "IF " + together + " THEN PERFORM pg_sleep(30); END IF;");
      Task task = aTask().of(USER).build();
      IdempotencyKey key = IdempotencyKey.parse("key");
      CompletionStage<CreateResult> creation = async(store).create(USER, asNew(task), key);
      awaitSlowWrite();

      endSlowWrites();

      assertEquals(new CreateResult.Created(task), result(creation));
      database.execute("DROP TRIGGER work ON tasks");
      Task again = aTask().of(USER).build();
      assertEquals(
          new CreateResult.Replayed(task), result(async(store).create(USER, asNew(again), key)));
      assertEquals(Optional.of(task), result(async(store).find(USER, task.id())));
    }
  }

  @Test
  void whatTheServerRefusesOfOneIsNotRefusedOfTheOthers() throws Exception {
    try (PostgresStore store = store(Map.of())) {
      List<Task> tasks = fill(store);
      Task refused = aTask().of(USER).called("refused").storedIn(store.repository());
      openForWrites(store);
      onEach("UPDATE", "IF OLD.title = 'refused' THEN RAISE 'refused'; END IF;");
      CompletionStage<WriteResult> ofRefused = toggle(store, refused);
      List<CompletionStage<WriteResult>> toggles =
          tasks.stream().map(task -> toggle(store, task)).toList();

      assertInstanceOf(StatementException.class, failure(ofRefused));
      for (int i = 0; i < tasks.size(); i++) {
        assertEquals(tasks.get(i).apply(TOGGLE, CREATED), written(toggles.get(i)));
      }
    }
  }

  @Test
  void aConnectionThatWasNotUsedForAWhileIsAskedForASignOfLifeFirst() throws Exception {
    try (WireTap tap = WireTap.before(database.port());
        PostgresStore store =
            PostgresStore.on(
                database,
                database.jdbcUrl(tap.port()),
                loops(Map.of("taskport.database.timeout", "20s")))) {
      Task task = aTask().of(USER).storedIn(store.repository());
      openForWrites(store);
      await(() -> pipelines(store).isSilentForWritesOf(USER));

      assertEquals(task.apply(TOGGLE, CREATED), written(toggle(store, task)));
      await(() -> !pipelines(store).isSilentForWritesOf(USER));
      assertTrue(isOpenForWrites(store));

      await(() -> pipelines(store).isSilentForWritesOf(USER));
      tap.stallOpenConnections();
      assertEquals(
          task.apply(TOGGLE, CREATED).apply(TOGGLE, CREATED), written(toggle(store, task)));
      tap.resume();
    }
  }

  @Test
  void aWriteThatTakesTooLongIsCancelledAndToldInTime() throws Exception {
    try (PostgresStore store = store(Map.of("taskport.database.timeout", "2s"))) {
      Task task = aTask().of(USER).called("slow").storedIn(store.repository());
      openForWrites(store);
      makeWritesOfSlowTake(5);

      Throwable failure = failure(toggle(store, task));

      StoreUnavailableException unavailable =
          assertInstanceOf(StoreUnavailableException.class, failure);
      assertEquals(StoreUnavailableException.Reason.BUSY, unavailable.reason());
      database.execute("DROP TRIGGER work ON tasks"); // once the server has ended the write
      assertEquals(Optional.of(task), result(async(store).find(USER, task.id())));
    }
  }

  @Test
  void aWriteIsToldInTimeThatItsConnectionIsSilent() throws Exception {
    try (WireTap tap = WireTap.before(database.port());
        PostgresStore store =
            PostgresStore.on(
                database,
                database.jdbcUrl(tap.port()),
                loops(Map.of("taskport.database.timeout", "2s")))) {
      Task task = aTask().of(USER).storedIn(store.repository());
      openForWrites(store);
      tap.stallOpenConnections();

      assertInstanceOf(StoreUnavailableException.class, failure(toggle(store, task)));

      tap.resume();
      long version = store.repository().find(USER, task.id()).orElseThrow().version();
      assertTrue(version - task.version() <= 1, "written " + (version - task.version()) + " times");
    }
  }

  private static CompletionStage<WriteResult> toggle(PostgresStore store, Task task) {
    return change(store, task, TOGGLE, Precondition.NONE);
  }

  private static CompletionStage<WriteResult> change(
      PostgresStore store, Task task, TaskChange change, Precondition precondition) {
    return async(store).change(task.userId(), task.id(), change, precondition, CREATED);
  }

  private static Precondition onlyIf(Task task) {
    return new Precondition.RevisionIn(Set.of(task.revision()));
  }

  private static Task written(CompletionStage<WriteResult> write) throws Exception {
    return assertInstanceOf(WriteResult.Done.class, result(write)).task();
  }

  private static Throwable failure(CompletionStage<?> stage) {
    return Objects.requireNonNull(
        assertThrows(ExecutionException.class, () -> result(stage)).getCause());
  }

  /** Makes each write of a task with this title take so many seconds. */
  private void makeWritesOfSlowTake(int seconds) {
    onEach("UPDATE", "IF OLD.title = 'slow' THEN PERFORM pg_sleep(" + seconds + "); END IF;");
  }

  private void onEach(String write, String work) {
    database.execute(
        "CREATE FUNCTION work() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            + work
            + " RETURN NEW; END $$");
    database.execute(
        "CREATE TRIGGER work BEFORE " + write + " ON tasks FOR EACH ROW EXECUTE FUNCTION work()");
  }

  private void awaitSlowWrite() {
    database.await("SELECT EXISTS (SELECT FROM pg_stat_activity" + slow() + ")");
  }

  private void endSlowWrites() {
    database.number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity" + slow());
  }

  private String slow() {
    return " WHERE wait_event = 'PgSleep' AND application_name = '"
        + database.dataSource().getCurrentSchema()
        + "'";
  }

  /** A transaction that nobody's read of a task gets past until it ends. */
  private Connection lockingTheTable() throws SQLException {
    Connection locking = database.dataSource().getConnection();
    locking.setAutoCommit(false);
    try (Statement lock = locking.createStatement()) {
      lock.execute("LOCK TABLE tasks");
    }
    return locking;
  }

  private static List<Task> fill(PostgresStore store) {
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Edit edit = Edit.NOTHING;
      if (i % 2 == 0) {
        edit = edit.withDueDate(DueDate.parse("2026-12-0" + (1 + i % 9)));
      }
      if (i % 3 == 0) {
        edit =
            edit.withDueDate(DueDate.parse("1969-07-20T20:17:40.123456Z"))
                .withPriority(Priority.URGENT)
                .withTags(Tags.parse("home,größer"));
      }
      tasks.add(
          aTask()
              .of(USER)
              .called("Täsk \uD83D\uDE00 " + i % 7)
              .createdAt(CREATED.plusSeconds(i % 6).plusNanos(1_000L * i))
              .edited(edit)
              .storedIn(store.repository()));
    }
    return tasks;
  }

  /** The first and the second page of each list that is short. */
  private static List<TaskQuery> queries(List<Task> tasks) {
    List<TaskQuery> queries = new ArrayList<>();
    for (Boolean completed : new Boolean[] {null, true, false}) {
      TaskFilter filter = new TaskFilter(completed, null, null, null, null, null);
      for (TaskOrder.Key key : TaskOrder.Key.values()) {
        for (TaskOrder.Direction direction : TaskOrder.Direction.values()) {
          TaskOrder order = new TaskOrder(key, direction);
          TaskQuery first = new TaskQuery(filter, order, PageStart.FIRST, 7);
          queries.add(first);
          queries.add(first.from(new PageStart.After(order.positionOf(tasks.get(30)))));
        }
      }
    }
    return queries;
  }

  private PostgresStore store(Map<String, Object> settings) {
    return PostgresStore.on(database, database.jdbcUrl(), loops(settings));
  }

  private static Map<String, Object> loops(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("micronaut.netty.event-loops.default.num-threads", 2);
    return all;
  }

  private static AsyncTaskRepository async(PostgresStore store) {
    return store.context().getBean(AsyncTaskRepository.class);
  }

  private static MarkedTasks list(PostgresStore store, TaskQuery query) throws Exception {
    return result(async(store).listMarked(USER, query));
  }

  private static <T> T result(CompletionStage<T> stage) throws Exception {
    CompletableFuture<T> future = new CompletableFuture<>();
    stage.whenComplete(
        (result, failure) -> {
          if (failure == null) {
            future.complete(result);
          } else {
            future.completeExceptionally(failure);
          }
        });
    return future.get(30, TimeUnit.SECONDS);
  }

  /** Returns when writes need no thread any more. */
  private static void openForWrites(PostgresStore store) throws Exception {
    result(async(store).delete(USER, someId(), Precondition.NONE));
    await(() -> isOpenForWrites(store));
  }

  private static boolean isOpenForWrites(PostgresStore store) {
    return pipelines(store).isOpenForWritesOf(USER);
  }

  private static Pipelines pipelines(PostgresStore store) {
    return store.context().getBean(Pipelines.class);
  }

  /** Returns when reads need no thread any more. */
  private static void open(PostgresStore store) throws Exception {
    result(async(store).find(USER, someId()));
    await(() -> isOpen(store));
  }

  private static boolean isOpen(PostgresStore store) {
    return store.context().getBean(Pipelines.class).isOpen();
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.holds()) {
      assertTrue(System.nanoTime() < deadline, "Not so within 20 seconds");
      Thread.onSpinWait();
    }
  }

  private static CountDownLatch usingTheOnlyConnection(PostgresStore store)
      throws InterruptedException {
    CountDownLatch used = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    Thread user =
        new Thread(
            () ->
                store
                    .context()
                    .getBean(Statements.class)
                    .inTurn(
                        () -> {
                          used.countDown();
                          try {
                            return free.await(20, TimeUnit.SECONDS);
                          } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                          }
                        }));
    user.start();
    used.await();
    return free;
  }
}
