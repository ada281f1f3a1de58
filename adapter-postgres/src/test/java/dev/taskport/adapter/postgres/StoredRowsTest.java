package dev.taskport.adapter.postgres;

import static dev.taskport.testkit.SampleTasks.asNew;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.DueDate;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Priority;
import dev.taskport.domain.Revision;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskContent;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.testkit.SampleTasks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows that other programs wrote are taken as they are. */
class StoredRowsTest {
  private static final StoreDatabase DATABASE = StoreDatabase.create();
  private static final PostgresStore STORE = PostgresStore.on(DATABASE);

  private final TaskRepository repository = STORE.repository();
  private final UserId user = SampleTasks.someUser();
  private final TaskId id = SampleTasks.someId();

  @AfterAll
  static void stop() {
    STORE.close();
  }

  @Test
  void aColumnOfAnotherProgramDoesNotDisturbLists() {
    StoreDatabase database = StoreDatabase.create();
    TestDatabase.execute(
        database.dataSource(), "ALTER TABLE tasks ADD sort_key text DEFAULT 'kept'");
    try (PostgresStore store = PostgresStore.on(database)) {
      Task task = SampleTasks.aTask().of(user).storedIn(store.repository());

      assertEquals(List.of(task), store.repository().list(user, TaskQuery.newest(10)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0001-01-01 00:00:00Z, 0001-01-01T00:00:00Z",
    "9999-12-31 23:59:59.999999Z, 9999-12-31T23:59:59.999999Z",
    "1969-12-31 23:59:59.999999Z, 1969-12-31T23:59:59.999999Z"
  })
  void anyTimeIsReadListedChangedAndDeletedUnderAPrecondition(String stored, Instant read) {
    insert("title", stored);

    Task task = repository.find(user, id).orElseThrow();

    assertEquals(read, task.createdAt());
    assertEquals(read, task.updatedAt());
    assertEquals(List.of(task), repository.list(user, TaskQuery.newest(100)));
    WriteResult.Done changed =
        (WriteResult.Done)
            repository.change(
                user, id, new TaskChange.ToggleCompleted(), only(task.revision()), read);
    assertEquals(new Revision(read, 2), changed.task().revision());
    assertEquals(changed, repository.delete(user, id, only(changed.task().revision())));
  }

  @ParameterizedTest
  @CsvSource({"''", "'  '", "'\u0001'", "'\u00A0x\n'"})
  void anyTitleIsReadAsItIs(String title) {
    insert(title, "2026-01-01Z");

    assertEquals(title, repository.find(user, id).orElseThrow().title().value());
  }

  @Test
  void aRevisionThatNoRowCanHaveIsStale() {
    insert("title", "2026-01-01Z");
    Task task = repository.find(user, id).orElseThrow();

    Stream.of(Instant.MAX, Instant.MIN, task.createdAt().plusNanos(1))
        .map(time -> only(new Revision(time, 1)))
        .forEach(
            precondition ->
                assertEquals(
                    new WriteResult.Stale(task), repository.delete(user, id, precondition)));
  }

  @Test
  void aRetryWithTheSameKeyAndTheSameIdIsAReplay() {
    Task task = SampleTasks.aTask().of(user).build();
    IdempotencyKey key = IdempotencyKey.parse("k");

    assertEquals(new CreateResult.Created(task), repository.create(user, asNew(task), key));
    assertEquals(new CreateResult.Replayed(task), repository.create(user, asNew(task), key));
  }

  @ParameterizedTest
  @CsvSource({
    "'Buy milk', 'Two litres', 15494e05a3b74802fda9a48704ac9e1eb7ef5dbb857415d57b79bcdcdf86599b",
    "'Buy milk', '', 0f0b26bfb206d42f726c8342b44ef9e2ae78faff350955e4c762abf3cdf5cd58",
    "'Buy milk', , df3db8a9ea05f22ce0238a243ce14e9e7829f22b5fdec7e6536f656849e46db1",
    "'\u00C9t\u00E9', , adca3dd5be16befd9ad096c38b7fff60d79d8b631ce9cfdfe99be518fc565c08"
  })
  void aKeyThatAnEarlierVersionStoredIsKnownByItsDigest(
      String title, @Nullable String description, String digest) {
    Task task = SampleTasks.aTask().of(user).called(title).described(description).build();
    DATABASE.execute(
        "INSERT INTO idempotency_keys VALUES ('%s', 'k', '%s', decode('%s', 'hex'), '%s')"
            .formatted(user, task.id(), digest, task.createdAt()));

    assertEquals(
        new CreateResult.Replayed(asAnEarlierVersionStoresIt(task)),
        repository.create(user, asNew(task), IdempotencyKey.parse("k")));
  }

  @Test
  void aKeyThatAnEarlierVersionClaimedAnewStandsForItsTask() {
    SampleTasks sample = SampleTasks.aTask().of(user).createdAfter(Duration.ofDays(2));
    Task theirs = sample.build();
    IdempotencyKey key = IdempotencyKey.parse("k");
    repository.create(user, asNew(sample.createdAfter(Duration.ZERO).build()), key);
    DATABASE.execute(
        "UPDATE idempotency_keys SET task_id = '%s', created_at = '%s' WHERE user_id = '%s'"
            .formatted(theirs.id(), theirs.createdAt(), user));

    assertEquals(
        new CreateResult.Replayed(asAnEarlierVersionStoresIt(theirs)),
        repository.create(user, asNew(sample.build()), key));
    assertEquals(
        new CreateResult.KeyReused(),
        repository.create(user, asNew(sample.called("Other").build()), key));
  }

  private static Task asAnEarlierVersionStoresIt(Task task) {
    return Task.create(
        task.userId(),
        new NewTask(
            task.id(),
            TaskChange.Edit.NOTHING
                .withDescription(task.description())
                .appliedTo(TaskContent.titled(task.title())),
            task.createdAt()));
  }

  @ParameterizedTest
  @CsvSource({
    "MEDIUM, '', , ''",
    "whatever, ' a ,, B,a ', '2026-12-24 18:00:00Z', 'a,B,a'",
    "High, ',', '0001-01-01 00:00:00Z', ''"
  })
  void anyFieldsAreReadAsTheyAre(
      String priority, String tags, @Nullable String dueDate, String read) {
    insert("title", "2026-01-01Z");
    DATABASE.execute(
        "UPDATE tasks SET priority = '%s', tags = '%s', due_date = %s, due_all_day = true"
                .formatted(priority, tags, dueDate == null ? "NULL" : "'" + dueDate + "'")
            + " WHERE user_id = '%s'".formatted(user));

    TaskContent content = repository.find(user, id).orElseThrow().content();

    assertEquals(priority.equals("High") ? Priority.HIGH : Priority.MEDIUM, content.priority());
    assertEquals(read, content.tags().joined());
    assertEquals(
        dueDate == null ? null : DueDate.parse(dueDate.substring(0, 10)), content.dueDate());
  }

  @Test
  void aRowOfAnEarlierVersionHasTheDefaults() {
    insert("title", "2026-01-01Z");

    assertEquals(
        TaskContent.titled(Title.parse("title")),
        repository.find(user, id).orElseThrow().content());
  }

  @Test
  void aKeyIsNotUsedUpByAnIdThatIsTaken() {
    Task task = SampleTasks.aTask().of(user).build();
    Task other = SampleTasks.aTask().of(user).build();
    IdempotencyKey key = IdempotencyKey.parse("k");
    repository.create(user, asNew(task), null);

    assertEquals(new CreateResult.Exists(task), repository.create(user, asNew(task), key));
    assertEquals(new CreateResult.Created(other), repository.create(user, asNew(other), key));
  }

  private void insert(String title, String time) {
    DATABASE.execute(
        "INSERT INTO tasks VALUES ('%s', '%s', '%s', NULL, false, '%s', '%s')"
            .formatted(user, id, title, time, time));
  }

  private static Precondition only(Revision revision) {
    return new Precondition.RevisionIn(Set.of(revision));
  }
}
