package dev.taskport.adapter.postgres;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aCompletedTask;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskContent;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.changelog.DeletedTask;
import dev.taskport.domain.changelog.LogEntry;
import dev.taskport.domain.changelog.LogMark;
import dev.taskport.domain.changelog.LogReading;
import dev.taskport.domain.changelog.SyncPoint;
import dev.taskport.domain.changelog.TaskTrash;
import dev.taskport.testkit.SampleTasks;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** How the database numbers changes, whoever writes them. */
class ChangeNumbersTest {
  private static final StoreDatabase DATABASE = StoreDatabase.create();
  private static final PostgresStore STORE = PostgresStore.on(DATABASE);

  private static final String INSERT =
      "INSERT INTO tasks (user_id, id, title, completed, created_at, updated_at)"
          + " SELECT '%s', gen_random_uuid(), 'Task ' || n, false, now(), now()"
          + " FROM generate_series(1, %d) AS n";

  private final UserId user = SampleTasks.someUser();

  @AfterAll
  static void stop() {
    STORE.close();
  }

  @Test
  void nobodySeesAChangeBeforeAnEarlierOneOfTheUser() throws Exception {
    try (Connection other = DATABASE.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute(INSERT.formatted(user, 1));
      CompletableFuture<Task> later =
          CompletableFuture.supplyAsync(() -> aTask().of(user).storedIn(STORE.repository()));
      DATABASE.awaitWaiting();
      assertEquals(LogMark.NONE, STORE.changeLog().mark(user));
      assertEquals(List.of(), read(null, 10).entries());

      other.commit();

      Task task = later.get(20, TimeUnit.SECONDS);
      List<LogEntry> entries = read(null, 10).entries();
      assertEquals(2, entries.size());
      assertEquals(task.id(), entries.get(1).id());
      assertEquals(2, STORE.changeLog().mark(user).number());
    }
  }

  @Test
  void aChangeThatIsRolledBackLeavesNoNumberBehind() throws SQLException {
    aTask().of(user).storedIn(STORE.repository());
    LogMark before = STORE.changeLog().mark(user);
    try (Connection other = DATABASE.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute(INSERT.formatted(user, 3));
      other.rollback();
    }
    assertEquals(before, STORE.changeLog().mark(user));
  }

  @Test
  void usersDoNotWaitForEachOther() throws SQLException {
    try (Connection other = DATABASE.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute(INSERT.formatted(user, 1));
      aTask().storedIn(STORE.repository());
      other.rollback();
    }
  }

  @Test
  void aTransactionOfManyChangesNumbersEachOfThem() {
    UserId second = SampleTasks.someUser();
    DATABASE.execute(
        "BEGIN;"
            + INSERT.formatted(user, 2500)
            + ";"
            + INSERT.formatted(second, 1)
            + ";"
            + "SAVEPOINT s;"
            + INSERT.formatted(second, 700)
            + "; ROLLBACK TO SAVEPOINT s;"
            + INSERT.formatted(second, 5)
            + ";"
            + INSERT.formatted(user, 10)
            + "; COMMIT");

    assertNumbered(2510);
    LogMark mark = STORE.changeLog().mark(user);
    Task task = aTask().of(user).storedIn(STORE.repository());
    assertEquals(List.of(task.id()), ids(read(point(mark), 10)));
    assertEquals(
        6,
        DATABASE.number(
            "SELECT count(DISTINCT change_number) FROM tasks WHERE user_id = '%s'"
                .formatted(second)));

    DATABASE.execute("DELETE FROM tasks WHERE user_id = '%s'".formatted(user));
    assertEquals(2511, read(point(mark), 9999).entries().size());
    Set<Long> trashed = new HashSet<>();
    for (long before = TaskTrash.NEWEST; ; ) {
      List<DeletedTask> page = STORE.trash().listDeleted(user, before, 1000);
      page.forEach(deleted -> trashed.add(deleted.number()));
      if (page.size() < 1000) {
        break;
      }
      before = page.get(999).number();
    }
    assertEquals(2511, trashed.size());
  }

  @Test
  void aTransactionOfManyChangesDrawsAThousandNumbersAtATimeAlsoBetweenSavepoints() {
    DATABASE.execute(
        "DO $$ BEGIN FOR i IN 1..1500 LOOP BEGIN "
            + INSERT.formatted(user, 1)
            + "; EXCEPTION WHEN unique_violation THEN NULL; END; END LOOP; END $$");

    assertNumbered(1500);
    assertEquals(2001, STORE.changeLog().mark(user).number());
  }

  private void assertNumbered(int tasks) {
    String numbers = "FROM tasks WHERE user_id = '%s'".formatted(user);
    assertEquals(tasks, DATABASE.number("SELECT count(DISTINCT change_number) " + numbers));
    assertTrue(
        STORE.changeLog().mark(user).number()
            >= DATABASE.number("SELECT max(change_number) " + numbers));
  }

  @Test
  void aTaskThatIsMovedByHandIsDeletedInOneLogAndStoredInTheOther() {
    Task task = aTask().of(user).storedIn(STORE.repository());
    UserId receiver = SampleTasks.someUser();
    SyncPoint seen = read(null, 10).next();

    DATABASE.execute(
        "UPDATE tasks SET user_id = '%s' WHERE user_id = '%s'".formatted(receiver, user));

    LogEntry gone = read(seen, 10).entries().get(0);
    assertTrue(gone instanceof LogEntry.Deleted && gone.id().equals(task.id()), gone.toString());
    assertEquals(List.of(), STORE.trash().listDeleted(user, TaskTrash.NEWEST, 10));
    assertEquals(1, STORE.changeLog().mark(receiver).number());
  }

  @Test
  void aProgramWithAnotherSearchPathWritesToTheSameLog() throws SQLException {
    Task task = aTask().of(user).storedIn(STORE.repository());
    String table = DATABASE.dataSource().getCurrentSchema() + ".tasks";
    try (Connection other = DATABASE.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      statement.execute("SET search_path = pg_catalog");
      statement.execute(
          "UPDATE %s SET title = 'By hand' WHERE user_id = '%s'".formatted(table, user));
      assertEquals(2, STORE.changeLog().mark(user).number());
      statement.execute("DELETE FROM %s WHERE user_id = '%s'".formatted(table, user));
    }
    assertEquals(3, STORE.changeLog().mark(user).number());
    assertEquals(
        List.of(task.id()),
        STORE.trash().listDeleted(user, TaskTrash.NEWEST, 10).stream()
            .map(deleted -> deleted.task().id())
            .toList());
  }

  @Test
  void aSetOfTheStateThatATaskHasLeavesItsRowAlone() {
    Task task = aTask().of(user).storedIn(STORE.repository());
    String row = "SELECT ctid FROM tasks WHERE user_id = '%s'".formatted(user);
    String before = TestDatabase.query(DATABASE.dataSource(), row);
    TaskChange pending = new TaskChange.SetCompleted(false);

    assertEquals(
        new WriteResult.Done(task),
        STORE.repository().change(user, task.id(), pending, Precondition.NONE, CREATED));

    assertEquals(before, TestDatabase.query(DATABASE.dataSource(), row));
    // An older release writes it again.
    DATABASE.execute("UPDATE tasks SET completed = completed WHERE user_id = '%s'".formatted(user));
    assertEquals(1, STORE.changeLog().mark(user).number());
  }

  @Test
  void aSetThatWaitsForAnotherChangeAnswersTheStateAfterIt() throws Exception {
    Task task = aTask().of(user).storedIn(STORE.repository());
    for (boolean completed : new boolean[] {true, false}) {
      try (Connection other = DATABASE.dataSource().getConnection();
          Statement statement = other.createStatement()) {
        other.setAutoCommit(false);
        statement.execute(
            "UPDATE tasks SET completed = NOT completed, version = version + 1 WHERE user_id = '%s'"
                .formatted(user));
        TaskChange set = new TaskChange.SetCompleted(true);
        CompletableFuture<WriteResult> answer =
            CompletableFuture.supplyAsync(
                () -> STORE.repository().change(user, task.id(), set, Precondition.NONE, CREATED));
        DATABASE.awaitWaiting();
        other.commit();

        WriteResult.Done done = (WriteResult.Done) answer.get(20, TimeUnit.SECONDS);
        assertTrue(done.task().completed());
        // The other one completed it; the second time it undid that.
        assertEquals(completed ? 2 : 4, done.task().version());
      }
    }
  }

  @Test
  void aChangeOfAnyColumnIsLogged() {
    aTask().of(user).storedIn(STORE.repository());
    UserId other = SampleTasks.someUser();
    aCompletedTask()
        .of(other)
        .saying(TaskContent.titled(Title.parse("All else is as by default")))
        .createdAfter(Duration.ofDays(1))
        .storedIn(STORE.repository());
    for (String column : TaskRow.COLUMNS.split(", ", -1)) {
      long before = STORE.changeLog().mark(user).number();
      DATABASE.execute(
          "UPDATE tasks SET %1$s = other.%1$s FROM tasks AS other WHERE tasks.user_id = '%2$s' AND other.user_id = '%3$s'"
              .formatted(column, user, other));
      assertTrue(STORE.changeLog().mark(user).number() > before, column);
    }
  }

  @Test
  void aRefusedCreationDrawsNoNumber() {
    Task task = aTask().of(user).storedIn(STORE.repository());

    assertEquals(new CreateResult.Exists(task), STORE.repository().create(user, asNew(task), null));

    assertEquals(1, STORE.changeLog().mark(user).number());
  }

  @Test
  void aPermanentDeletionLeavesTheNextOneAsItIs() {
    Task secret = aTask().of(user).called("s3cret").storedIn(STORE.repository());
    Task kept = aTask().of(user).storedIn(STORE.repository());

    assertEquals(
        new WriteResult.Done(secret),
        STORE.trash().deletePermanently(user, secret.id(), Precondition.NONE));
    assertEquals(
        new WriteResult.Done(kept), STORE.repository().delete(user, kept.id(), Precondition.NONE));

    assertEquals(
        List.of(kept),
        STORE.trash().listDeleted(user, TaskTrash.NEWEST, 10).stream()
            .map(DeletedTask::task)
            .toList());
    assertEquals(
        0,
        DATABASE.number(
            "SELECT count(*) FROM deleted_tasks AS row WHERE row::text LIKE '%s3cret%'"));
  }

  @Test
  void aRestorationAndACreationOfTheSameIdNeverWaitForEachOtherInACircle() throws Exception {
    for (int round = 0; round < 200; round++) {
      Task task = aTask().of(user).storedIn(STORE.repository());
      STORE.repository().delete(user, task.id(), Precondition.NONE);
      CompletableFuture<Boolean> restored =
          CompletableFuture.supplyAsync(
              () -> STORE.trash().restore(user, task.id(), CREATED).isPresent());
      CompletableFuture<CreateResult> created =
          CompletableFuture.supplyAsync(() -> STORE.repository().create(user, asNew(task), null));
      boolean wasRestored = restored.get(20, TimeUnit.SECONDS);
      boolean wasCreated = created.get(20, TimeUnit.SECONDS) instanceof CreateResult.Created;
      assertTrue(wasRestored != wasCreated, "restored and created: " + wasRestored);
      assertTrue(STORE.repository().find(user, task.id()).isPresent());
      assertFalse(STORE.trash().restore(user, task.id(), CREATED).isPresent());
    }
  }

  private LogReading.Page read(@Nullable SyncPoint since, int limit) {
    return STORE
        .changeLog()
        .read(user, since, limit)
        .match(
            page -> page,
            startOver -> {
              throw new AssertionError("The log can't be read on");
            });
  }

  private static SyncPoint point(LogMark mark) {
    return SyncPoint.beginningAt(mark).at(mark);
  }

  private static List<TaskId> ids(LogReading.Page page) {
    return page.entries().stream().map(LogEntry::id).toList();
  }
}
