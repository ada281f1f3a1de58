package dev.taskport.testkit;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static dev.taskport.testkit.SampleTasks.someId;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Search;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskChange.Edit;
import dev.taskport.domain.TaskChange.SetCompleted;
import dev.taskport.domain.TaskChange.ToggleCompleted;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.LogEntry;
import dev.taskport.domain.changelog.LogMark;
import dev.taskport.domain.changelog.LogMarks;
import dev.taskport.domain.changelog.LogReading;
import dev.taskport.domain.changelog.MarkedTasks;
import dev.taskport.domain.changelog.SyncPoint;
import dev.taskport.domain.changelog.TaskChangeLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What {@link TaskChangeLog} and {@link LogMarks} promise. For a store that has them; every test
 * works with users of its own.
 */
public interface TaskChangeLogContract extends Contract {

  /** The log of the store under test. */
  TaskChangeLog changeLog();

  /** The marks of the store under test. */
  LogMarks marks();

  /**
   * Stores the task as a program did that kept no log: its number is 0, and the user's mark stays.
   * Called only for users whose tasks have not been changed yet.
   */
  void putStored(Task task);

  @Test
  default void everyChangeGetsAHigherNumberThanAllBefore() {
    UserId user = someUser();
    Task task = aTask().of(user).build();
    Follower follower = new Follower(changeLog(), user);
    follower.read(10);
    List<TaskChange> changes =
        List.of(
            Edit.NOTHING.withTitle(Title.parse("Other")),
            Edit.NOTHING,
            new SetCompleted(true),
            new ToggleCompleted());
    assertEquals(
        Kinds.of(TaskChange.class),
        changes.stream().map(TaskChange::getClass).collect(Collectors.toSet()),
        "Each kind of change must be tried here");

    for (IdempotencyKey key : Arrays.asList(null, IdempotencyKey.parse("k-1"))) {
      assertLogged(
          "create", follower, task.id(), () -> repository().create(user, asNew(task), key));
      for (TaskChange change : changes) {
        assertLogged(
            "change, " + change.getClass().getSimpleName(),
            follower,
            task.id(),
            () -> change(task, change, Precondition.NONE));
        assertLogged(
            "change under a precondition, " + change.getClass().getSimpleName(),
            follower,
            task.id(),
            () -> {
              change(task, new SetCompleted(false), only(current(task)));
              change(task, change, only(current(task)));
            });
      }
      Precondition precondition = key == null ? Precondition.NONE : only(current(task));
      assertLogged(
          "delete", follower, task.id(), () -> repository().delete(user, task.id(), precondition));
    }
  }

  /** Runs one change and reads it. */
  private void assertLogged(String operation, Follower follower, TaskId id, Runnable change) {
    checks().assertLogged(operation, follower, id, change);
  }

  @Test
  default void whatModifiesNothingLeavesTheMark() {
    UserId user = someUser();
    IdempotencyKey key = IdempotencyKey.parse("k-1");
    Task task = aTask().of(user).build();
    repository().create(user, asNew(task), key);
    Precondition stale = new Precondition.RevisionIn(Set.of());

    assertLeft("a replay", user, () -> repository().create(user, asNew(task), key));
    assertLeft(
        "a creation with a used key",
        user,
        () -> repository().create(user, asNew(aTask().of(user).called("Other").build()), key));
    assertLeft(
        "a creation under an id that is taken",
        user,
        () -> repository().create(user, asNew(task), null));
    assertLeft(
        "a set of the state that the task is in",
        user,
        () -> change(task, new SetCompleted(false), Precondition.NONE));
    assertLeft(
        "a set of the state that the task is in, under a precondition",
        user,
        () -> change(task, new SetCompleted(false), only(task)));
    assertLeft(
        "a change whose precondition fails",
        user,
        () -> change(task, new ToggleCompleted(), stale));
    assertLeft(
        "a deletion whose precondition fails",
        user,
        () -> repository().delete(user, task.id(), stale));
    assertLeft(
        "a change of a missing task",
        user,
        () -> change(aTask().of(user).build(), new ToggleCompleted(), Precondition.NONE));
    assertLeft(
        "a deletion of a missing task",
        user,
        () -> repository().delete(user, someId(), Precondition.NONE));
    assertLeft(
        "reading",
        user,
        () -> {
          repository().find(user, task.id());
          repository().list(user, TaskQuery.newest(10));
          repository().summarize(user);
          changeLog().listMarked(user, TaskQuery.newest(10));
          changeLog().read(user, null, 10);
          marks().marks(Set.of(user));
        });
  }

  private void assertLeft(String what, UserId user, Runnable run) {
    checks().assertLeft(what, user, run);
  }

  @Test
  default void aUserWithoutChangesHasNoMark() {
    UserId user = someUser();

    assertEquals(LogMark.NONE, changeLog().mark(user), "mark: without changes it is NONE");
    assertEquals(
        new MarkedTasks(List.of(), LogMark.NONE),
        changeLog().listMarked(user, TaskQuery.newest(10)),
        "listMarked: without tasks there are none, and no mark");
    assertEquals(
        List.of(),
        entriesUpToTheEnd(new Follower(changeLog(), user), 10),
        "read: without tasks there is nothing to read");

    putStored(aTask().of(user).build());
    assertEquals(
        LogMark.NONE,
        changeLog().mark(user),
        "mark: a task that is older than the log doesn't raise it");
    aTask().of(user).storedIn(repository());
    assertTrue(changeLog().mark(user).number() > 0, "mark: a change raises it above 0");
  }

  @Test
  default void everyUserHasALogOfTheirOwn() {
    TaskId id = someId();
    List<UserId> users = LookAlikes.texts(UserId.MAX_LENGTH).stream().map(UserId::parse).toList();
    List<Follower> followers = new ArrayList<>();
    for (UserId user : users) {
      Task task = aTask().of(user).under(id).called("Of " + user.value().hashCode()).build();
      repository().create(user, asNew(task), null);
      Follower follower = new Follower(changeLog(), user);
      assertEquals(
          Map.of(id, task),
          follower.readOn(() -> 10).tasks(),
          "read: a user reads their own tasks only");
      followers.add(follower);
    }
    for (Follower follower : followers) {
      UserId user = follower.user();
      Map<UserId, LogMark> before = marks().marks(Set.copyOf(users));
      repository().delete(user, id, Precondition.NONE);
      Map<UserId, LogMark> after = marks().marks(Set.copyOf(users));

      users.stream()
          .filter(other -> !Objects.equals(after.get(other), before.get(other)))
          .forEach(
              other ->
                  assertEquals(
                      user, other, "mark: a user's changes leave the marks of all others"));
      assertEquals(
          changeLog().mark(user), after.get(user), "marks: each mark is the one that mark tells");
      List<LogEntry> entries = follower.read(10).entries();
      assertEquals(
          List.of(id),
          entries.stream().map(LogEntry::id).toList(),
          "read: the one who deleted a task reads so, and reads nothing of others");
      assertTrue(entries.get(0) instanceof LogEntry.Deleted, "read: a deletion is told as one");
    }
    for (Follower follower : followers) {
      assertEquals(List.of(), follower.read(10).entries(), "read: nobody reads others' deletions");
    }
  }

  @Test
  default void manyMarksAreReadAtOnce() {
    UserId one = aTask().storedIn(repository()).userId();
    UserId other = aTask().storedIn(repository()).userId();
    aTask().of(other).storedIn(repository());
    UserId nobody = someUser();

    assertEquals(
        Map.of(one, changeLog().mark(one), other, changeLog().mark(other), nobody, LogMark.NONE),
        marks().marks(Set.of(one, other, nobody)),
        "marks: there is a mark for each of the users, NONE for those without changes");
    assertEquals(
        Map.of(other, changeLog().mark(other)),
        marks().marks(Set.of(other)),
        "marks: there is no mark for who was not asked for");
    assertEquals(Map.of(), marks().marks(Set.of()), "marks: there is no mark for nobody");
  }

  @Test
  default void aMarkedListIsTheListAndTheMark() {
    UserId user = someUser();
    Task first = aTask().of(user).called("Milk").storedIn(repository());
    for (int i = 1; i < 5; i++) {
      aTask().of(user).createdAfter(Duration.ofSeconds(i)).storedIn(repository());
    }
    change(first, new ToggleCompleted(), Precondition.NONE);
    TaskQuery all = TaskQuery.newest(10);
    TaskFilter done = new TaskFilter(true, null, null, null, null, null);
    TaskFilter found = new TaskFilter(null, Search.parse("bread"), null, null, null, null);

    for (TaskQuery query :
        List.of(
            all,
            all.withLimit(2),
            all.from(new PageStart.Offset(3)),
            all.from(new PageStart.After(all.order().positionOf(first))),
            new TaskQuery(done, TaskOrder.NEWEST_FIRST, PageStart.FIRST, 10),
            new TaskQuery(found, TaskOrder.NEWEST_FIRST, PageStart.FIRST, 10),
            new TaskQuery(
                TaskFilter.ALL,
                new TaskOrder(TaskOrder.Key.TITLE, TaskOrder.Direction.ASCENDING),
                PageStart.FIRST,
                3))) {
      assertEquals(
          new MarkedTasks(repository().list(user, query), changeLog().mark(user)),
          changeLog().listMarked(user, query),
          "listMarked: it is the page of list, and the mark, for " + query);
    }
  }

  @Test
  default void readingFromTheBeginningTellsAllTasksAndNoDeletions() {
    UserId user = someUser();
    Task first = aTask().of(user).storedIn(repository());
    Task second = aTask().of(user).storedIn(repository());
    Task third = aTask().of(user).storedIn(repository());
    change(first, new ToggleCompleted(), Precondition.NONE);
    repository().delete(user, second.id(), Precondition.NONE);

    for (int limit = 1; limit < 4; limit++) {
      Follower follower = new Follower(changeLog(), user);
      assertEquals(
          List.of(third, current(first)),
          told(entriesUpToTheEnd(follower, limit)),
          "read: from the beginning come all tasks as they are now, the oldest change first, and"
              + " no deletions");
    }
  }

  @Test
  default void readingOnTellsWhatWasChangedAndDeleted() {
    UserId user = someUser();
    Task kept = aTask().of(user).storedIn(repository());
    Task changed = aTask().of(user).storedIn(repository());
    Task deleted = aTask().of(user).storedIn(repository());
    Task recreated = aTask().of(user).storedIn(repository());
    Follower follower = new Follower(changeLog(), user).readOn(() -> 10);

    repository().delete(user, recreated.id(), Precondition.NONE);
    change(changed, new ToggleCompleted(), Precondition.NONE);
    change(changed, new ToggleCompleted(), Precondition.NONE);
    repository().delete(user, deleted.id(), Precondition.NONE);
    Task again = aTask().of(user).under(recreated.id()).called("Again").storedIn(repository());
    Task passing = aTask().of(user).storedIn(repository());
    repository().delete(user, passing.id(), Precondition.NONE);

    assertEquals(
        List.of(current(changed), deleted.id(), again, passing.id()),
        told(entriesUpToTheEnd(follower, 10)),
        "read: each task that was changed is told once, in the order of the newest changes, as it"
            + " is now or as deleted");
    assertEquals(
        Map.of(kept.id(), kept, changed.id(), current(changed), again.id(), again),
        follower.tasks(),
        "read: who applies the entries holds the tasks");
    assertEquals(List.of(), follower.read(10).entries(), "read: what was read doesn't come again");
  }

  @Test
  default void pagesOfEverySizeTellEachChangeOnce() {
    UserId user = someUser();
    Follower beginning = new Follower(changeLog(), user);
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      tasks.add(aTask().of(user).storedIn(repository()));
    }
    Follower middle = new Follower(changeLog(), user).readOn(() -> 10);
    change(tasks.get(1), new ToggleCompleted(), Precondition.NONE);
    repository().delete(user, tasks.get(3).id(), Precondition.NONE);
    repository().delete(user, tasks.get(0).id(), Precondition.NONE);
    change(tasks.get(2), new ToggleCompleted(), Precondition.NONE);
    aTask().of(user).storedIn(repository());

    LogChecks.assertPages(beginning, 4);
    LogChecks.assertPages(middle, 5);
  }

  @Test
  default void tasksThatAreOlderThanTheLogAreReadInPages() {
    UserId user = someUser();
    for (int i = 0; i < 9; i++) {
      putStored(aTask().of(user).build());
    }
    LogChecks.assertPages(new Follower(changeLog(), user), 9);

    List<Task> old = repository().list(user, TaskQuery.newest(10));
    Follower follower = new Follower(changeLog(), user);
    follower.read(4);
    repository().delete(user, old.get(0).id(), Precondition.NONE);
    change(old.get(1), new ToggleCompleted(), Precondition.NONE);
    aTask().of(user).storedIn(repository());

    LogChecks.assertPages(new Follower(changeLog(), user), 9);
    assertEquals(
        stored(user),
        follower.readOn(() -> 2).tasks(),
        "read: who began to read before the first change reads on into the log");
  }

  @Test
  default void whatChangesBetweenTwoPagesIsTold() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int history = 0; history < 20; history++) {
      UserId user = someUser();
      List<TaskId> ids = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        ids.add(someId());
        Task task = aTask().of(user).under(ids.get(i)).build();
        if (i < 4) {
          putStored(task);
        }
      }
      List<Follower> places = new ArrayList<>(List.of(new Follower(changeLog(), user)));
      Follower follower = new Follower(changeLog(), user);
      for (int page = 0; page < 12; page++) {
        writeSomething(user, ids.get(random.nextInt(ids.size())), random);
        follower.read(1 + random.nextInt(3));
        places.add(follower.again());
      }

      for (Follower place : places) {
        String from = place + "; seed " + seed;
        assertEquals(
            stored(user),
            place.readOn(() -> 1 + random.nextInt(3)).tasks(),
            "read: who reads on holds the store's tasks, whatever changed meanwhile, from " + from);
      }
    }
  }

  private void writeSomething(UserId user, TaskId id, Random random) {
    Task task = aTask().of(user).under(id).build();
    switch (random.nextInt(3)) {
      case 0 -> repository().delete(user, id, Precondition.NONE);
      case 1 -> change(task, new ToggleCompleted(), Precondition.NONE);
      default -> repository().create(user, asNew(task), null);
    }
  }

  @Test
  default void aPointThatTheLogNeverReachedStartsOver() {
    UserId user = someUser();
    Task task = aTask().of(user).storedIn(repository());
    change(task, new ToggleCompleted(), Precondition.NONE);
    LogMark mark = changeLog().mark(user);
    long ahead = mark.number() + 1;

    assertStartsOver(
        "a point ahead of the log", user, new SyncPoint(mark.started(), ahead, null, ahead));
    assertStartsOver(
        "a point of who began to read ahead of the log",
        user,
        new SyncPoint(mark.started(), 1, null, ahead));
    for (Instant started :
        List.of(mark.started().plusNanos(1000), mark.started().minusSeconds(1), Instant.EPOCH)) {
      assertStartsOver(
          "a point of another log",
          user,
          new SyncPoint(started, mark.number(), null, mark.number()));
    }
    assertStartsOver(
        "a point in a log that was not started",
        someUser(),
        new SyncPoint(mark.started(), mark.number(), null, mark.number()));
  }

  private void assertStartsOver(String what, UserId user, SyncPoint point) {
    assertEquals(
        new LogReading.StartOver(),
        changeLog().read(user, point, 10),
        "read: " + what + " is answered with the word to start over");
  }

  @Test
  default void whoBeganBeforeTheFirstChangeReadsOn() {
    UserId user = someUser();
    Follower follower = new Follower(changeLog(), user).readOn(() -> 10);
    Task first = aTask().of(user).storedIn(repository());
    Task second = aTask().of(user).storedIn(repository());

    assertEquals(
        List.of(first, second),
        told(entriesUpToTheEnd(follower, 1)),
        "read: a point from before the first change is read on");
  }

  @Test
  default void followersHoldTheTasksWhateverIsWrittenMeanwhile() {
    LogHistory.run(repository(), changeLog(), null);
  }

  @Test
  default void aMarkIsNeverAheadOfWhatIsListedWithIt() {
    UserId user = someUser();
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      tasks.add(aTask().of(user).storedIn(repository()));
    }
    // How many modifications had been made when the log had come so far.
    ConcurrentSkipListMap<Long, Long> made = new ConcurrentSkipListMap<>();
    made.put(changeLog().mark(user).number(), 0L);
    AtomicInteger readers = new AtomicInteger(2);

    List<List<MarkedTasks>> seen =
        Race.atOnce(
            3,
            caller ->
                () -> {
                  List<MarkedTasks> lists = new ArrayList<>();
                  if (caller < 2) {
                    try {
                      for (int i = 0; i < 100; i++) {
                        lists.add(changeLog().listMarked(user, TaskQuery.newest(10)));
                      }
                    } finally {
                      readers.decrementAndGet();
                    }
                    return lists;
                  }
                  for (int i = 0; readers.get() > 0; i++) {
                    change(tasks.get(i % tasks.size()), new ToggleCompleted(), Precondition.NONE);
                    made.put(changeLog().mark(user).number(), i + 1L);
                  }
                  return lists;
                });

    for (MarkedTasks list : seen.stream().flatMap(List::stream).toList()) {
      long shown = list.tasks().stream().mapToLong(task -> task.version() - 1).sum();
      long upToMark = made.floorEntry(list.mark().number()).getValue();
      assertTrue(
          shown >= upToMark,
          "listMarked: the tasks show every change up to the mark; it is %s, with %d changes, but %d are shown"
              .formatted(list.mark(), upToMark, shown));
    }
  }

  private List<LogEntry> entriesUpToTheEnd(Follower follower, int limit) {
    List<LogEntry> entries = new ArrayList<>();
    LogReading.Page page;
    do {
      page = follower.read(limit);
      entries.addAll(page.entries());
    } while (page.more() && entries.size() < 1000);
    return entries;
  }

  /** The tasks, and the ids of those that are told to be deleted. */
  private static List<Object> told(List<LogEntry> entries) {
    return entries.stream()
        .map(entry -> entry.<Object>match(LogEntry.Stored::task, LogEntry.Deleted::id))
        .toList();
  }

  private Map<TaskId, Task> stored(UserId user) {
    return repository().list(user, TaskQuery.newest(1000)).stream()
        .collect(Collectors.toMap(Task::id, Function.identity()));
  }

  private Task current(Task task) {
    return repository()
        .find(task.userId(), task.id())
        .orElseGet(() -> fail("find: a task that stays is found"));
  }

  private void change(Task task, TaskChange change, Precondition precondition) {
    repository().change(task.userId(), task.id(), change, precondition, CREATED.plusSeconds(1));
  }

  private LogChecks checks() {
    return new LogChecks(repository(), changeLog(), marks());
  }

  private static Precondition only(Task task) {
    return new Precondition.RevisionIn(Set.of(task.revision()));
  }
}
