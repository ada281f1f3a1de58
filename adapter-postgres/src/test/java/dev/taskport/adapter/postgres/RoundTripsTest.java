package dev.taskport.adapter.postgres;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.Position;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Revision;
import dev.taskport.domain.Search;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.TaskSummary;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.changelog.DeletedTask;
import dev.taskport.domain.changelog.LogEntry;
import dev.taskport.domain.changelog.LogMark;
import dev.taskport.domain.changelog.LogReading;
import dev.taskport.domain.changelog.MarkedTasks;
import dev.taskport.domain.changelog.SyncPoint;
import dev.taskport.domain.changelog.TaskTrash;
import dev.taskport.testkit.SampleTasks;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What goes over the wire: a method that succeeds is one statement and one round trip, without
 * BEGIN, COMMIT, or a question whether the connection lives. One in frequent use is parsed no more.
 */
class RoundTripsTest {
  private static WireTap tap;
  private static StoreDatabase database;

  private final UserId user = SampleTasks.someUser();
  private PostgresStore store;
  private TaskRepository repository;

  @BeforeAll
  static void startDatabase() {
    database = StoreDatabase.create();
    tap = WireTap.before(database.port());
  }

  @AfterAll
  static void stopTap() throws IOException {
    tap.close();
  }

  @BeforeEach
  void start() {
    start(Map.of());
  }

  private void start(Map<String, Object> settings) {
    // The pool asks whether a connection lives after half a second without use: not in a slow test.
    System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "60000");
    store =
        PostgresStore.on(
            database,
            database.jdbcUrl(tap.port()),
            with(settings, "datasources.default.maximum-pool-size", 1));
    repository = store.repository();
    repository.list(SampleTasks.someUser(), TaskQuery.newest(100));
    System.clearProperty("com.zaxxer.hikari.aliveBypassWindowMs");
  }

  private static Map<String, Object> with(Map<String, Object> settings, String name, Object value) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put(name, value);
    return all;
  }

  @AfterEach
  void stop() {
    store.close();
  }

  @Test
  void aCreationIsOneRoundTrip() {
    Task task = aTask().of(user).build();

    oneRoundTrip(new CreateResult.Created(task), () -> repository.create(user, asNew(task), null));
  }

  @Test
  void aCreationWithAKeyAndItsReplayAreOneRoundTripEach() {
    IdempotencyKey key = IdempotencyKey.parse("k");
    Task task = aTask().of(user).build();
    Task retry = aTask().of(user).build();
    Task other = aTask().of(user).called("Another").build();

    oneRoundTrip(new CreateResult.Created(task), () -> repository.create(user, asNew(task), key));
    oneRoundTrip(new CreateResult.Replayed(task), () -> repository.create(user, asNew(retry), key));
    oneRoundTrip(new CreateResult.KeyReused(), () -> repository.create(user, asNew(other), key));
  }

  @Test
  void aLookUpIsOneRoundTrip() {
    Task task = stored();

    oneRoundTrip(Optional.of(task), () -> repository.find(user, task.id()));
  }

  @Test
  void aPageACountAndASummaryAreOneRoundTripEach() {
    Task task = stored();
    Instant before = CREATED.minusSeconds(1);
    TaskFilter everyCondition =
        new TaskFilter(false, Search.parse("MILK"), before, Instant.MAX, before, Instant.MAX);
    TaskOrder byTitle = new TaskOrder(TaskOrder.Key.TITLE, TaskOrder.Direction.ASCENDING);
    PageStart afterNothing =
        new PageStart.After(new Position.ByTitle("", new TaskId(new UUID(0, 0))));

    oneRoundTrip(List.of(task), () -> repository.list(user, TaskQuery.newest(100)));
    oneRoundTrip(
        List.of(task),
        () -> repository.list(user, new TaskQuery(everyCondition, byTitle, afterNothing, 9)));
    oneRoundTrip(1L, () -> repository.count(user, everyCondition));
    oneRoundTrip(new TaskSummary(0, 1), () -> repository.summarize(user));
  }

  @Test
  void everyChangeIsOneRoundTripWithAndWithoutAPrecondition() {
    for (TaskChange change :
        new TaskChange[] {
          TaskChange.Edit.NOTHING.withTitle(Title.parse("Buy bread")),
          TaskChange.Edit.NOTHING.withDescription(null),
          new TaskChange.SetCompleted(true),
          new TaskChange.SetCompleted(false),
          new TaskChange.ToggleCompleted()
        }) {
      Task task = stored();
      Precondition unchanged = new Precondition.RevisionIn(Set.of(task.revision()));
      Task once = task.apply(change, CREATED);
      Task twice = once.apply(change, CREATED);

      oneRoundTrip(
          new WriteResult.Done(once),
          () -> repository.change(user, task.id(), change, unchanged, CREATED));
      oneRoundTrip(
          new WriteResult.Done(twice),
          () -> repository.change(user, task.id(), change, Precondition.NONE, CREATED));
    }
  }

  @Test
  void aDeletionIsOneRoundTripWithAndWithoutAPrecondition() {
    Task one = stored();
    Task other = stored();
    Precondition unchanged = new Precondition.RevisionIn(Set.of(other.revision()));

    oneRoundTrip(
        new WriteResult.Done(one), () -> repository.delete(user, one.id(), Precondition.NONE));
    oneRoundTrip(new WriteResult.Done(other), () -> repository.delete(user, other.id(), unchanged));
    oneRoundTrip(
        new WriteResult.NotFound(), () -> repository.delete(user, one.id(), Precondition.NONE));
  }

  @Test
  void everyReadingOfTheLogIsOneRoundTrip() {
    Task task = stored();
    repository.delete(user, stored().id(), Precondition.NONE);
    LogMark mark = store.changeLog().mark(user);
    UserId nobody = SampleTasks.someUser();

    oneRoundTrip(mark, () -> store.changeLog().mark(user));
    oneRoundTrip(
        Map.of(user, mark, nobody, LogMark.NONE), () -> store.marks().marks(Set.of(user, nobody)));
    oneRoundTrip(
        new MarkedTasks(List.of(task), mark),
        () -> store.changeLog().listMarked(user, TaskQuery.newest(10)));
    oneRoundTrip(
        new MarkedTasks(List.of(), LogMark.NONE),
        () -> store.changeLog().listMarked(nobody, TaskQuery.newest(10)));
    SyncPoint first = SyncPoint.beginningAt(mark).after(mark, 1, task.id());
    oneRoundTrip(
        new LogReading.Page(
            List.of(new LogEntry.Stored(task, first)),
            SyncPoint.beginningAt(mark).at(mark),
            /* more= */ false),
        () -> store.changeLog().read(user, null, 10));
    oneRoundTrip(
        new LogReading.StartOver(),
        () -> store.changeLog().read(user, new SyncPoint(Instant.EPOCH, 1, null, 1), 10));
  }

  @Test
  void theTrashIsOneRoundTripAndTwoForWhatIsInItAlready() {
    Task task = stored();
    repository.delete(user, task.id(), Precondition.NONE);
    Task restored = task.restored(CREATED);

    oneRoundTrip(
        List.of(task),
        () ->
            store.trash().listDeleted(user, TaskTrash.NEWEST, 10).stream()
                .map(DeletedTask::task)
                .toList());
    oneRoundTrip(Optional.of(restored), () -> store.trash().restore(user, task.id(), CREATED));
    repository.delete(user, task.id(), Precondition.NONE);
    assertEquals(
        2,
        roundTrips(
            tap.during(
                () ->
                    assertEquals(
                        new WriteResult.Done(restored),
                        store.trash().deletePermanently(user, task.id(), Precondition.NONE)))));
    Task other = stored();
    oneRoundTrip(
        new WriteResult.Done(other),
        () -> store.trash().deletePermanently(user, other.id(), Precondition.NONE));
  }

  @Test
  void aRefusalLooksUpTheReasonInASecondRoundTrip() {
    Task task = stored();
    Precondition never = new Precondition.RevisionIn(Set.of());

    assertEquals(
        2,
        roundTrips(
            tap.during(
                () ->
                    assertInstanceOf(
                        CreateResult.Exists.class, repository.create(user, asNew(task), null)))));
    assertEquals(
        2,
        roundTrips(
            tap.during(
                () ->
                    assertInstanceOf(
                        WriteResult.Stale.class, repository.delete(user, task.id(), never)))));
  }

  @Test
  void aStatementInFrequentUseIsOneRoundTripAndParsedNoMore() {
    Task task = stored();
    TaskFilter open =
        new TaskFilter(false, Search.parse("MILK"), CREATED.minusSeconds(1), null, null, null);

    parsedNoMore(
        i -> {
          Task another = aTask().of(user).build();
          return () -> repository.create(user, asNew(another), null);
        });
    parsedNoMore(
        i -> {
          Task another = aTask().of(user).build();
          IdempotencyKey key = IdempotencyKey.parse("key-" + i);
          return () -> repository.create(user, asNew(another), key);
        });
    parsedNoMore(i -> () -> repository.find(user, task.id()));
    parsedNoMore(i -> () -> repository.list(user, TaskQuery.newest(i)));
    parsedNoMore(i -> () -> repository.count(user, open));
    parsedNoMore(i -> () -> repository.summarize(user));
    parsedNoMore(
        i -> {
          TaskChange change = TaskChange.Edit.NOTHING.withTitle(Title.parse("Title " + i));
          return () -> repository.change(user, task.id(), change, Precondition.NONE, CREATED);
        });
    parsedNoMore(
        i -> {
          TaskId id = stored().id();
          return () -> repository.delete(user, id, Precondition.NONE);
        });
  }

  @Test
  void aStatementIsParsedNoMoreWhenWhatItLeavesOutChangesFromCallToCall() {
    Task task = stored();

    parsedNoMore(
        i -> {
          Task another = aTask().of(user).described(i % 2 == 0 ? null : "Two bottles").build();
          return () -> repository.create(user, asNew(another), null);
        });
    parsedNoMore(
        i -> {
          TaskChange change =
              i % 2 == 0
                  ? TaskChange.Edit.NOTHING.withCompleted(true)
                  : TaskChange.Edit.NOTHING.withTitle(Title.parse("Title " + i));
          return () -> repository.change(user, task.id(), change, Precondition.NONE, CREATED);
        });
  }

  @Test
  void aBatchInFrequentUseIsOneRoundTripAndParsedNoMoreWhateverItsOperationsLeaveOut() {
    store.close();
    start(PostgresStore.BATCHES_ALWAYS);
    Task task = stored();
    TaskChange completed = TaskChange.Edit.NOTHING.withCompleted(true);
    Precondition never = new Precondition.RevisionIn(Set.of(new Revision(CREATED, 0)));

    parsedNoMore(i -> () -> repository.find(user, task.id()));
    parsedNoMore(
        i -> {
          Task another = aTask().of(user).described(i % 2 == 0 ? null : "Two bottles").build();
          return () -> repository.create(user, asNew(another), null);
        });
    parsedNoMore(
        i -> {
          Task another = aTask().of(user).described(i % 2 == 0 ? null : "Two bottles").build();
          IdempotencyKey key = IdempotencyKey.parse("key-" + i);
          return () -> repository.create(user, asNew(another), key);
        });
    parsedNoMore(
        i -> {
          TaskChange change =
              i % 2 == 0 ? completed : TaskChange.Edit.NOTHING.withTitle(Title.parse("T" + i));
          Precondition precondition = i % 3 == 0 ? never : Precondition.NONE;
          return () -> repository.change(user, task.id(), change, precondition, CREATED);
        });
    parsedNoMore(
        i -> {
          TaskChange change =
              i % 2 == 0 ? new TaskChange.ToggleCompleted() : new TaskChange.SetCompleted(true);
          return () -> repository.change(user, task.id(), change, Precondition.NONE, CREATED);
        });
    parsedNoMore(
        i -> {
          TaskId id = stored().id();
          return () -> repository.delete(user, id, Precondition.NONE);
        });
  }

  private Task stored() {
    return aTask().of(user).storedIn(repository);
  }

  private static <T> void oneRoundTrip(T expected, Supplier<T> call) {
    String sent = tap.during(() -> assertEquals(expected, call.get()));
    assertEquals(1, roundTrips(sent), sent);
    assertEquals(1, count(sent, 'E'), sent);
    assertTrue(count(sent, 'P') <= 1, "Parsed is one statement at most, but sent was " + sent);
  }

  /** Makes a dozen calls; from the eleventh on the server knows their statement. */
  private static void parsedNoMore(IntFunction<Runnable> calls) {
    for (int i = 1; i <= 12; i++) {
      String sent = tap.during(calls.apply(i));

      assertEquals(1, roundTrips(sent), sent);
      assertEquals(1, count(sent, 'E'), sent);
      if (i > 10) {
        assertEquals(0, count(sent, 'P'), "The server parses it each time: " + sent);
      }
    }
  }

  private static long roundTrips(String sent) {
    return count(sent, 'S') + count(sent, 'Q');
  }

  private static long count(String sent, char type) {
    return sent.chars().filter(c -> c == type).count();
  }
}
