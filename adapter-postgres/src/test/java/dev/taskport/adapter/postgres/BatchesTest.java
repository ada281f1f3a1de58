package dev.taskport.adapter.postgres;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.database.StatementException;
import dev.taskport.adapter.postgres.database.Statements;
import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Revision;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskChange.Edit;
import dev.taskport.domain.TaskContent;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.changelog.LogMark;
import dev.taskport.domain.changelog.MarkedTasks;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the server is asked when many call at once, and what each caller is told. Somebody's lock
 * keeps a first statement, until all others wait.
 */
class BatchesTest {
  private static final String LOCK_TABLE = "LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE";
  private static final TaskChange TOGGLE = new TaskChange.ToggleCompleted();

  private static StoreDatabase database;
  private static WireTap tap;
  private static PostgresStore store;

  private TaskRepository tasks;
  private final UserId holder = someUser();
  private Connection other;

  @BeforeAll
  static void start() {
    database = StoreDatabase.create();
    tap = WireTap.before(database.port());
    // The pool asks whether a connection lives after half a second without use.
    System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "60000");
    store =
        PostgresStore.on(
            database,
            // Plans as for a large table, whose joins read row by row.
            database.jdbcUrl(tap.port())
                + "&options=-c%20enable_hashjoin=off%20-c%20enable_mergejoin=off",
            Map.of(
                "taskport.batches.patience", "1h",
                "taskport.database.timeout", "20s",
                "datasources.default.maximum-pool-size", 3));
    store.repository().find(someUser(), new TaskId(UUID.randomUUID()));
    System.clearProperty("com.zaxxer.hikari.aliveBypassWindowMs");
  }

  @AfterAll
  static void stop() throws Exception {
    store.close();
    tap.close();
  }

  @BeforeEach
  void connect() throws SQLException {
    tasks = store.repository();
    other = database.dataSource().getConnection();
    other.setAutoCommit(false);
  }

  @AfterEach
  void disconnect() throws SQLException {
    other.close();
  }

  @Test
  void manyLookUpsAreOneStatement() throws Exception {
    List<Task> stored = stored(20);
    List<Callable<Optional<Task>>> calls =
        new ArrayList<>(calls(stored, task -> tasks.find(task.userId(), task.id())));
    calls.add(() -> tasks.find(holder, stored.get(0).id()));
    calls.add(() -> tasks.find(stored.get(0).userId(), stored.get(0).id()));
    lock("LOCK TABLE tasks");
    var first = held(() -> tasks.find(holder, stored.get(0).id()));

    List<Optional<Task>> found = results(oneStatement(calls));

    for (int i = 0; i < 20; i++) {
      assertEquals(Optional.of(stored.get(i)), found.get(i));
    }
    assertEquals(Optional.empty(), found.get(20));
    assertEquals(found.get(0), found.get(21));
    assertEquals(Optional.empty(), first.get());
  }

  @Test
  void manyPagesOfAKindAreOneStatement() throws Exception {
    List<Task> stored = stored(8);
    TaskQuery query = TaskQuery.newest(3);
    List<Callable<MarkedTasks>> calls =
        new ArrayList<>(calls(stored, task -> store.changeLog().listMarked(task.userId(), query)));
    calls.add(() -> store.changeLog().listMarked(someUser(), query));
    lock("LOCK TABLE tasks");
    held(() -> store.changeLog().listMarked(holder, query));

    List<MarkedTasks> pages = results(oneStatement(calls));

    for (int i = 0; i < 8; i++) {
      LogMark mark = store.changeLog().mark(stored.get(i).userId());
      assertEquals(new MarkedTasks(List.of(stored.get(i)), mark), pages.get(i));
    }
    assertEquals(new MarkedTasks(List.of(), LogMark.NONE), pages.get(8));
  }

  @Test
  void manyTogglesAndSettingsAreOneStatement() throws Exception {
    List<Task> stored = stored(6);
    holdWrites();
    held(() -> toggle(held));
    Precondition unchanged = onlyIf(stored.get(2).revision());
    Precondition never = onlyIf(new Revision(CREATED, 99));

    List<WriteResult> results =
        results(
            oneStatement(
                List.of(
                    () -> toggle(stored.get(0)),
                    () -> change(stored.get(1), new TaskChange.SetCompleted(true)),
                    () -> change(stored.get(2), TOGGLE, unchanged),
                    () -> change(stored.get(3), TOGGLE, never),
                    () -> change(stored.get(4), new TaskChange.SetCompleted(false)))));

    assertEquals(done(stored.get(0).apply(TOGGLE, CREATED)), results.get(0));
    assertEquals(done(stored.get(1).apply(TOGGLE, CREATED)), results.get(1));
    assertEquals(done(stored.get(2).apply(TOGGLE, CREATED)), results.get(2));
    assertEquals(new WriteResult.Stale(stored.get(3)), results.get(3));
    assertEquals(done(stored.get(4)), results.get(4));
    assertEquals(Optional.of(stored.get(3)), tasks.find(holderOf(stored.get(3)), id(stored, 3)));
  }

  @Test
  void manyEditsAreOneStatement() throws Exception {
    List<Task> stored = stored(10);
    holdWrites();
    held(() -> change(held, Edit.NOTHING));

    List<WriteResult> results =
        results(
            oneStatement(
                calls(stored, task -> change(task, Edit.NOTHING.withTitle(titleOf(task))))));

    for (int i = 0; i < 10; i++) {
      Task task = stored.get(i);
      TaskChange edit = Edit.NOTHING.withTitle(titleOf(task));
      assertEquals(done(task.apply(edit, CREATED)), results.get(i));
    }
  }

  @Test
  void manyDeletionsAreOneStatement() throws Exception {
    List<Task> stored = stored(10);
    holdWrites();
    held(() -> tasks.delete(held.userId(), held.id(), Precondition.NONE));

    List<WriteResult> results =
        results(
            oneStatement(
                calls(
                    stored,
                    task -> tasks.delete(task.userId(), task.id(), onlyIf(task.revision())))));

    assertEquals(stored.stream().map(BatchesTest::done).toList(), results);
    for (Task task : stored) {
      assertEquals(Optional.empty(), tasks.find(task.userId(), task.id()));
      assertEquals(1, store.trash().listDeleted(task.userId(), Long.MAX_VALUE, 10).size());
    }
  }

  @Test
  void manyCreationsWithAndWithoutKeysAreOneStatementOfEachKind() throws Exception {
    List<Task> known = stored(20);
    List<Task> tasksToCome = known.stream().map(task -> aTask().of(task.userId()).build()).toList();
    IdempotencyKey key = IdempotencyKey.parse("k");
    tasks.create(holderOf(known.get(0)), asNew(tasksToCome.get(0)), key);
    holdWrites();
    Task one = aTask().of(holder).build();
    held(() -> tasks.create(holder, asNew(one), null));

    List<CreateResult> created =
        results(
            oneStatement(
                calls(
                    tasksToCome.subList(10, 20),
                    task -> tasks.create(task.userId(), asNew(task), null))));

    assertEquals(
        tasksToCome.subList(10, 20).stream().map(CreateResult.Created::new).toList(), created);

    holdWrites();
    Task another = aTask().of(holder).build();
    held(() -> tasks.create(holder, asNew(another), key));
    List<CreateResult> withKeys =
        results(
            oneStatement(
                calls(
                    tasksToCome.subList(0, 10),
                    task -> tasks.create(task.userId(), asNew(task), key))));

    assertEquals(new CreateResult.Replayed(tasksToCome.get(0)), withKeys.get(0));
    for (int i = 1; i < 10; i++) {
      assertEquals(new CreateResult.Created(tasksToCome.get(i)), withKeys.get(i));
    }
  }

  @Test
  void manyWritesOfOneUserAreOneStatementOfEachKind() throws Exception {
    UserId user = someUser();
    List<Task> stored =
        IntStream.range(0, 5).mapToObj(i -> aTask().of(user).storedIn(tasks)).toList();
    List<Task> tasksToCome =
        IntStream.range(0, 10).mapToObj(i -> aTask().of(user).build()).toList();

    holdWrites();
    held(() -> toggle(held));
    List<WriteResult> toggled = results(oneStatement(calls(stored, this::toggle)));
    holdWrites();
    Task one = aTask().of(holder).build();
    held(() -> tasks.create(holder, asNew(one), null));
    List<CreateResult> created =
        results(
            oneStatement(
                calls(tasksToCome.subList(0, 5), task -> tasks.create(user, asNew(task), null))));
    holdWrites();
    Task another = aTask().of(holder).build();
    held(() -> tasks.create(holder, asNew(another), keyOf(another)));
    List<CreateResult> withKeys =
        results(
            oneStatement(
                calls(
                    tasksToCome.subList(5, 10),
                    task -> tasks.create(user, asNew(task), keyOf(task)))));
    holdWrites();
    held(() -> tasks.delete(holder, held.id(), Precondition.NONE));
    List<WriteResult> deleted =
        results(
            oneStatement(calls(stored, task -> tasks.delete(user, task.id(), Precondition.NONE))));

    List<WriteResult> done =
        stored.stream().map(task -> done(task.apply(TOGGLE, CREATED))).toList();
    assertEquals(done, toggled);
    assertEquals(done, deleted);
    assertEquals(
        tasksToCome.stream().map(CreateResult.Created::new).toList(),
        Stream.concat(created.stream(), withKeys.stream()).toList());
  }

  @Test
  void theServerPlansAStatementOfBatchesOnlyForTheFirstFew() {
    Map<String, Object> settings = new HashMap<>(PostgresStore.BATCHES_ALWAYS);
    settings.put("datasources.default.maximum-pool-size", 1);
    try (PostgresStore one = PostgresStore.on(database, database.jdbcUrl(), settings)) {
      TaskRepository repository = one.repository();
      aTask().of(holder).storedIn(repository);
      for (int i = 0; i < 20; i++) {
        Task task = aTask().of(holder).storedIn(repository);
        IdempotencyKey key = IdempotencyKey.parse("key-" + i);
        repository.create(holder, asNew(aTask().of(holder).build()), key);
        repository.change(holder, task.id(), TOGGLE, Precondition.NONE, CREATED);
        repository.change(holder, task.id(), Edit.NOTHING, Precondition.NONE, CREATED);
        repository.find(holder, task.id());
        one.changeLog().listMarked(holder, TaskQuery.newest(3));
        repository.delete(holder, task.id(), Precondition.NONE);
      }

      List<Long> plans =
          one.context()
              .getBean(Statements.class)
              .query(
                  "SELECT custom_plans FROM pg_prepared_statements WHERE statement LIKE '%unnest%'",
                  List.of(), row -> row.getLong(1));

      assertTrue(plans.size() >= 7, "statements of batches: " + plans.size());
      assertTrue(plans.stream().allMatch(n -> n <= 5), "plans for some arguments: " + plans);
    }
  }

  @Test
  void aTaskThatSomebodyHoldsHoldsUpNobodyElse() throws Exception {
    List<Task> stored = stored(3);
    holdWrites();
    try (Connection stubborn = database.dataSource().getConnection();
        Statement statement = stubborn.createStatement()) {
      stubborn.setAutoCommit(false);
      statement.execute("SELECT FROM tasks WHERE id = '" + id(stored, 1) + "' FOR UPDATE");
      held(() -> toggle(held));
      List<FutureTask<WriteResult>> calls = waiting(calls(stored, this::toggle));

      other.rollback();

      assertEquals(done(stored.get(0).apply(TOGGLE, CREATED)), get(calls.get(0)));
      assertEquals(done(stored.get(2).apply(TOGGLE, CREATED)), get(calls.get(2)));
      assertFalse(calls.get(1).isDone());
      stubborn.rollback();
      assertEquals(done(stored.get(1).apply(TOGGLE, CREATED)), get(calls.get(1)));
    }
  }

  @Test
  void aUserWhoseLogSomebodyHoldsHoldsUpNobodyElse() throws Exception {
    List<Task> known = stored(3);
    List<Task> coming = known.stream().map(task -> aTask().of(task.userId()).build()).toList();
    holdWrites();
    try (Connection stubborn = database.dataSource().getConnection();
        Statement statement = stubborn.createStatement()) {
      stubborn.setAutoCommit(false);
      statement.execute(lockOfLog(known.get(1).userId()));
      held(() -> tasks.create(holder, asNew(aTask().of(holder).build()), null));
      List<FutureTask<CreateResult>> calls =
          waiting(calls(coming, task -> tasks.create(task.userId(), asNew(task), null)));

      other.rollback();

      assertEquals(new CreateResult.Created(coming.get(0)), get(calls.get(0)));
      assertEquals(new CreateResult.Created(coming.get(2)), get(calls.get(2)));
      assertFalse(calls.get(1).isDone());
      stubborn.rollback();
      assertEquals(new CreateResult.Created(coming.get(1)), get(calls.get(1)));
    }
  }

  @Test
  void aKeyThatSomebodyHoldsHoldsUpNobodyElse() throws Exception {
    List<Task> known = stored(3);
    List<Task> coming = known.stream().map(task -> aTask().of(task.userId()).build()).toList();
    IdempotencyKey key = IdempotencyKey.parse("k");
    holdWrites();
    try (Connection stubborn = database.dataSource().getConnection();
        Statement statement = stubborn.createStatement()) {
      stubborn.setAutoCommit(false);
      statement.execute(
          "INSERT INTO idempotency_keys (user_id, key, task_id, content, created_at)"
              + " VALUES ('%s', 'k', gen_random_uuid(), '', now())"
                  .formatted(known.get(1).userId()));
      held(() -> tasks.create(holder, asNew(aTask().of(holder).build()), key));
      List<FutureTask<CreateResult>> calls =
          waiting(calls(coming, task -> tasks.create(task.userId(), asNew(task), key)));

      other.rollback();

      assertEquals(new CreateResult.Created(coming.get(0)), get(calls.get(0)));
      assertEquals(new CreateResult.Created(coming.get(2)), get(calls.get(2)));
      assertFalse(calls.get(1).isDone());
      stubborn.rollback();
      assertEquals(new CreateResult.Created(coming.get(1)), get(calls.get(1)));
    }
  }

  @Test
  void whatTheServerRefusesOfOneIsNotRefusedOfTheOthers() throws Exception {
    List<Task> known = stored(3);
    UserId second = known.get(1).userId();
    TaskContent tooLong = TaskContent.titled(Title.stored("x".repeat(300)));
    List<NewTask> coming =
        List.of(
            asNew(aTask().of(holder).build()),
            new NewTask(new TaskId(UUID.randomUUID()), tooLong, CREATED),
            asNew(aTask().of(holder).build()));
    holdWrites();
    held(() -> tasks.create(holder, asNew(aTask().of(holder).build()), null));
    List<FutureTask<CreateResult>> calls =
        waiting(
            IntStream.range(0, 3)
                .<Callable<CreateResult>>mapToObj(
                    i -> () -> tasks.create(known.get(i).userId(), coming.get(i), null))
                .toList());

    other.rollback();

    assertInstanceOf(CreateResult.Created.class, get(calls.get(0)));
    assertInstanceOf(StatementException.class, failure(calls.get(1)));
    assertInstanceOf(CreateResult.Created.class, get(calls.get(2)));
    assertEquals(Optional.empty(), tasks.find(second, coming.get(1).id()));
  }

  @Test
  void anIdThatIsTakenIsToldToTheOneWhoNamedIt() throws Exception {
    List<Task> known = stored(3);
    for (IdempotencyKey key : new IdempotencyKey[] {IdempotencyKey.parse("k"), null}) {
      List<Task> coming =
          List.of(
              aTask().of(known.get(0).userId()).build(),
              known.get(1),
              aTask().of(known.get(2).userId()).build());
      holdWrites();
      held(() -> tasks.create(holder, asNew(aTask().of(holder).build()), key));
      List<FutureTask<CreateResult>> calls =
          waiting(calls(coming, task -> tasks.create(task.userId(), asNew(task), key)));

      other.rollback();

      assertEquals(new CreateResult.Created(coming.get(0)), get(calls.get(0)));
      assertEquals(new CreateResult.Exists(known.get(1)), get(calls.get(1)));
      assertEquals(new CreateResult.Created(coming.get(2)), get(calls.get(2)));
    }
  }

  @Test
  void togglesWhoseConnectionEndsInTheMiddleAreNotRepeated() throws Exception {
    List<Task> stored = stored(5);
    holdWrites();
    held(() -> toggle(held));
    List<FutureTask<WriteResult>> calls = waiting(calls(stored, this::toggle));

    inTheMiddleOfTheNext(() -> database.endConnections());

    for (int i = 0; i < 5; i++) {
      assertInstanceOf(StoreUnavailableException.class, failure(calls.get(i)));
      Task task = stored.get(i);
      assertEquals(Optional.of(task), tasks.find(task.userId(), task.id()));
    }
  }

  @Test
  void lookUpsWhoseConnectionEndsInTheMiddleAreRepeated() throws Exception {
    List<Task> stored = stored(5);
    lock("LOCK TABLE tasks");
    held(() -> tasks.find(holder, stored.get(0).id()));
    List<FutureTask<Optional<Task>>> calls =
        waiting(calls(stored, task -> tasks.find(task.userId(), task.id())));

    inTheMiddleOfTheNext(() -> database.endConnections());

    for (int i = 0; i < 5; i++) {
      assertEquals(Optional.of(stored.get(i)), get(calls.get(i)));
    }
  }

  @Tag("full")
  @Test
  void whoWaitsWhileTheStoreClosesIsNotKept() throws Exception {
    List<Task> stored = stored(5);
    PostgresStore closing =
        PostgresStore.on(database, database.jdbcUrl(), Map.of("taskport.batches.patience", "1h"));
    TaskRepository repository = closing.repository();
    holdWrites();
    held(() -> repository.change(holder, held.id(), TOGGLE, Precondition.NONE, CREATED));
    List<FutureTask<WriteResult>> calls =
        waiting(
            calls(
                stored,
                t -> repository.change(t.userId(), t.id(), TOGGLE, Precondition.NONE, CREATED)));

    closing.close();
    other.rollback();

    for (int i = 0; i < 5; i++) {
      Task task = stored.get(i);
      Task after = tasks.find(task.userId(), task.id()).orElseThrow();
      if (after.equals(task)) {
        assertInstanceOf(StoreUnavailableException.class, failure(calls.get(i)));
      } else {
        assertEquals(done(after), get(calls.get(i)));
      }
    }
  }

  /** Lets what is held go, and acts while the statement after it waits for a table. */
  private void inTheMiddleOfTheNext(Runnable action) throws Exception {
    try (Connection table = database.dataSource().getConnection();
        Statement statement = table.createStatement()) {
      table.setAutoCommit(false);
      FutureTask<Boolean> lock = new FutureTask<>(() -> statement.execute(LOCK_TABLE));
      start(lock);
      database.await(
          "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query = '"
              + LOCK_TABLE
              + "')");
      other.rollback();
      get(lock);
      database.awaitWaiting();
      action.run();
      table.rollback();
    }
  }

  private Task held = aTask().build();

  /** Keeps every write of the holder. */
  private void holdWrites() throws SQLException {
    held = aTask().of(holder).storedIn(tasks);
    lock(lockOfLog(holder));
  }

  private static String lockOfLog(UserId user) {
    return "SELECT FROM change_logs WHERE user_id = '" + user + "' FOR UPDATE";
  }

  private void lock(String sql) throws SQLException {
    try (Statement statement = other.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Begins a call that the lock keeps; returns how to get its result. */
  private static <T> Supplier<T> held(Callable<T> call) {
    FutureTask<T> future = new FutureTask<>(call);
    start(future);
    database.awaitWaiting();
    return () -> get(future);
  }

  /** Begins calls that wait for the one that is held. */
  private static <T> List<FutureTask<T>> waiting(List<Callable<T>> calls) {
    List<FutureTask<T>> waiting = new ArrayList<>();
    for (Callable<T> call : calls) {
      FutureTask<T> future = new FutureTask<>(call);
      Thread thread = start(future);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!(LockSupport.getBlocker(thread) instanceof ForkJoinPool.ManagedBlocker)) {
        assertTrue(System.nanoTime() < deadline, "It waits for no other");
        Thread.onSpinWait();
      }
      waiting.add(future);
    }
    return waiting;
  }

  private static Thread start(Runnable call) {
    Thread thread = new Thread(call, "caller");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Lets the calls wait, and then go; they are one statement, beside the one that was held. */
  private <T> List<FutureTask<T>> oneStatement(List<Callable<T>> calls) {
    List<FutureTask<T>> waiting = waiting(calls);
    String sent =
        tap.during(
            () -> {
              try {
                other.rollback();
                waiting.forEach(BatchesTest::get);
              } catch (SQLException e) {
                throw new AssertionError(e);
              }
            });
    assertEquals(1, sent.chars().filter(c -> c == 'E').count(), sent);
    return waiting;
  }

  private static <T> List<T> results(List<FutureTask<T>> calls) {
    return calls.stream().map(BatchesTest::get).toList();
  }

  private static <T> T get(FutureTask<T> call) {
    try {
      return call.get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static Throwable failure(FutureTask<?> call) {
    return Objects.requireNonNull(
        assertThrows(ExecutionException.class, () -> call.get(20, TimeUnit.SECONDS)).getCause());
  }

  private interface Call<T> {
    T on(Task task);
  }

  private static <T> List<Callable<T>> calls(List<Task> tasks, Call<T> call) {
    return tasks.stream().<Callable<T>>map(task -> () -> call.on(task)).toList();
  }

  /** Tasks of as many users. */
  private List<Task> stored(int number) {
    return IntStream.range(0, number)
        .mapToObj(i -> aTask().of(someUser()).called("Task " + i).storedIn(tasks))
        .toList();
  }

  private WriteResult toggle(Task task) {
    return change(task, TOGGLE);
  }

  private WriteResult change(Task task, TaskChange change) {
    return change(task, change, Precondition.NONE);
  }

  private WriteResult change(Task task, TaskChange change, Precondition precondition) {
    return tasks.change(task.userId(), task.id(), change, precondition, CREATED);
  }

  private static Precondition onlyIf(Revision revision) {
    return new Precondition.RevisionIn(Set.of(revision));
  }

  private static WriteResult done(Task task) {
    return new WriteResult.Done(task);
  }

  private static Title titleOf(Task task) {
    return Title.parse("Of " + task.id());
  }

  private static IdempotencyKey keyOf(Task task) {
    return IdempotencyKey.parse("key-" + task.id());
  }

  private static UserId holderOf(Task task) {
    return task.userId();
  }

  private static TaskId id(List<Task> tasks, int index) {
    return tasks.get(index).id();
  }

  /** Two instances, each of which sends batches with the same tasks in another order. */
  @Tag("full")
  @Test
  void batchesOfTwoInstancesOnTheSameTasksNeverWaitForEachOther() throws Exception {
    long deadlocks = deadlocks();
    long seed = new Random().nextLong();
    List<Task> stored = stored(12);
    try (PostgresStore one = always();
        PostgresStore two = always()) {
      List<FutureTask<Integer>> callers = new ArrayList<>();
      for (int caller = 0; caller < 16; caller++) {
        TaskRepository instance = (caller % 2 == 0 ? one : two).repository();
        Random random = new Random(seed + caller);
        FutureTask<Integer> future =
            new FutureTask<>(() -> writeAtRandom(instance, stored, random));
        start(future);
        callers.add(future);
      }
      int toggles = 0;
      for (FutureTask<Integer> caller : callers) {
        toggles += caller.get(60, TimeUnit.SECONDS);
      }
      long raised =
          stored.stream()
              .mapToLong(t -> tasks.find(t.userId(), t.id()).orElseThrow().version() - 1)
              .sum();
      assertEquals(toggles, raised, "seed " + seed);
    }
    assertEquals(deadlocks, deadlocks(), "seed " + seed);
  }

  private static PostgresStore always() {
    return PostgresStore.on(database, database.jdbcUrl(), PostgresStore.BATCHES_ALWAYS);
  }

  private static int writeAtRandom(TaskRepository instance, List<Task> tasks, Random random) {
    int toggles = 0;
    for (int i = 0; i < 40; i++) {
      Task task = tasks.get(random.nextInt(tasks.size()));
      UserId user = task.userId();
      switch (random.nextInt(4)) {
        case 0 -> instance.create(user, asNew(aTask().of(user).build()), null);
        case 1 ->
            instance.create(
                user, asNew(aTask().of(user).build()), IdempotencyKey.parse("" + i % 3));
        default -> {
          assertInstanceOf(
              WriteResult.Done.class,
              instance.change(user, task.id(), TOGGLE, Precondition.NONE, CREATED));
          toggles++;
        }
      }
    }
    return toggles;
  }

  private static long deadlocks() {
    return database.number(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
  }
}
