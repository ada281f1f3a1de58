package dev.taskport.testkit;

import static dev.taskport.testkit.Race.CALLERS;
import static dev.taskport.testkit.Race.atOnce;
import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aCompletedTask;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static dev.taskport.testkit.SampleTasks.someId;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.Description;
import dev.taskport.domain.DueDate;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Priority;
import dev.taskport.domain.Search;
import dev.taskport.domain.Tags;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskChange.Edit;
import dev.taskport.domain.TaskChange.SetCompleted;
import dev.taskport.domain.TaskChange.ToggleCompleted;
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
import dev.taskport.domain.changelog.TaskTrash;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What {@link TaskTrash} promises. A trash has a log, so the promises of {@link
 * TaskChangeLogContract} belong to it.
 */
public interface TaskTrashContract extends TaskChangeLogContract {

  /** The trash of the store under test. */
  TaskTrash trash();

  @Test
  default void aDeletedTaskIsRestoredAsItWas() {
    Task edited = aTask().saying(SampleTasks.CONTENT).build();
    for (Task task : List.of(edited, aCompletedTask().build(), aTask().described(null).build())) {
      repository().create(task.userId(), asNew(task), null);
      if (task.completed()) {
        change(task, new SetCompleted(true), task.updatedAt());
      }
      repository().delete(task.userId(), task.id(), Precondition.NONE);

      Task restored = task.restored(later(5));
      assertEquals(
          Optional.of(restored),
          trash().restore(task.userId(), task.id(), later(5)),
          "restore: a task comes back as it was when it was deleted, with the next version");
      assertEquals(
          Optional.of(restored),
          repository().find(task.userId(), task.id()),
          "find: a restored task is found as it was answered");
      assertEquals(
          List.of(restored),
          repository().list(task.userId(), TaskQuery.newest(10)),
          "list: a restored task is listed");
      assertTrashed(List.of(), task.userId(), "listDeleted: a restored task is not in the trash");
      assertEquals(
          Optional.empty(),
          trash().restore(task.userId(), task.id(), later(6)),
          "restore: a task is restored once");
    }
  }

  @Test
  default void aRestoredTasksTimeIsCutAndDoesNotGoBack() {
    Task task = deleted(aTask().build());
    assertEquals(
        Optional.of(task.restored(CREATED)),
        trash().restore(task.userId(), task.id(), CREATED.minusSeconds(60)),
        "restore: the time of the last modification doesn't go back");

    Task other = deleted(aTask().build());
    Task restored = other.restored(later(1));
    assertEquals(
        Optional.of(restored),
        trash().restore(other.userId(), other.id(), later(1).plusNanos(999)),
        "restore: the time is cut to microseconds");
    assertEquals(
        Optional.of(restored),
        repository().find(other.userId(), other.id()),
        "find: the restored task has the time that was answered");
  }

  @Test
  default void aRestoredTaskCanBeChangedAndDeletedAgain() {
    Task task = deleted(aTask().build());
    Task restored = task.restored(later(1));
    trash().restore(task.userId(), task.id(), later(1));
    Task changed = restored.apply(new ToggleCompleted(), later(2));
    Precondition stale = only(task);

    assertEquals(
        new WriteResult.Stale(restored),
        repository().change(task.userId(), task.id(), new ToggleCompleted(), stale, later(2)),
        "change: the state before the deletion is not the state after the restoration");
    assertEquals(
        new WriteResult.Done(changed),
        repository()
            .change(task.userId(), task.id(), new ToggleCompleted(), only(restored), later(2)),
        "change: a restored task can be changed");
    assertEquals(
        new WriteResult.Done(changed),
        repository().delete(task.userId(), task.id(), only(changed)),
        "delete: a restored task can be deleted again");
    assertTrashed(List.of(changed), task.userId(), "listDeleted: it is deleted as it was last");
  }

  @Test
  default void theNewestDeletionComesFirstInPagesOfEverySize() {
    UserId user = someUser();
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      tasks.add(aTask().of(user).createdAfter(Duration.ofSeconds(i)).storedIn(repository()));
    }
    Follower follower = new Follower(changeLog(), user).readOn(() -> 10);
    List<Task> newestFirst = new ArrayList<>();
    List<Long> numbers = new ArrayList<>();
    for (int i : new int[] {3, 0, 6, 1, 5, 2}) {
      repository().delete(user, tasks.get(i).id(), Precondition.NONE);
      newestFirst.add(0, tasks.get(i));
      numbers.add(0, changeLog().mark(user).number());
    }

    for (int limit = 1; limit <= newestFirst.size() + 1; limit++) {
      List<DeletedTask> read = new ArrayList<>();
      List<DeletedTask> page = trash().listDeleted(user, TaskTrash.NEWEST, limit);
      while (!page.isEmpty() && read.size() < 100) {
        assertTrue(
            page.size() <= limit, "listDeleted: a page has at most as many as are asked for");
        read.addAll(page);
        page = trash().listDeleted(user, page.get(page.size() - 1).number(), limit);
      }
      assertEquals(
          newestFirst,
          read.stream().map(DeletedTask::task).toList(),
          "listDeleted: pages of " + limit + " tell each task once, the newest deletion first");
      assertEquals(
          numbers,
          read.stream().map(DeletedTask::number).toList(),
          "listDeleted: each task has the number of its deletion in the log");
      for (DeletedTask deleted : read) {
        assertEquals(
            deleted.deletedAt().truncatedTo(ChronoUnit.MICROS),
            deleted.deletedAt(),
            "listDeleted: the time of a deletion is in microseconds");
      }
    }
    assertEquals(
        newestFirst.size(),
        trash().listDeleted(user, TaskTrash.NEWEST, newestFirst.size()).size(),
        "listDeleted: a page is as long as the limit allows");
    assertEquals(
        newestFirst.size(),
        trash().listDeleted(user, TaskTrash.NEWEST, Integer.MAX_VALUE).size(),
        "listDeleted: the largest limit lists everything");
    assertEquals(
        deletionsTold(follower),
        trash().listDeleted(user, TaskTrash.NEWEST, 10).stream()
            .collect(Collectors.toMap(deleted -> deleted.task().id(), DeletedTask::deletedAt)),
        "listDeleted: the time of a deletion is the one that the log tells");
  }

  private static Map<TaskId, Instant> deletionsTold(Follower follower) {
    Map<TaskId, Instant> times = new HashMap<>();
    for (LogEntry entry : follower.read(100).entries()) {
      entry.match(stored -> null, deleted -> times.put(deleted.id(), deleted.deletedAt()));
    }
    return times;
  }

  @Test
  default void everyValueIsKeptInTheTrash() {
    UserId user = someUser();
    List<Task> tasks = new ArrayList<>();
    for (Instant time : StoredValuesContract.TIMES) {
      tasks.add(aTask().of(user).createdAt(time).build());
    }
    for (Priority priority : Priority.values()) {
      tasks.add(aTask().of(user).edited(Edit.NOTHING.withPriority(priority)).build());
    }
    for (String due : List.of("0001-01-01", "2026-12-24T10:00:00.000001Z")) {
      tasks.add(aTask().of(user).edited(Edit.NOTHING.withDueDate(DueDate.parse(due))).build());
    }
    for (String character : List.of("\uD83D\uDE00", "'")) {
      tasks.add(
          aTask()
              .of(user)
              .called(character.repeat(Title.MAX_LENGTH))
              .described(character.repeat(Description.MAX_LENGTH))
              .build());
    }
    tasks.add(aTask().of(user).called("e\u0301").described("").build());
    tasks.add(aTask().of(user).described("a\tb\r\nc \n").build());
    tasks.add(
        aTask()
            .of(user)
            .edited(
                Edit.NOTHING.withTags(Tags.parse("b,A,\uD83D\uDE00 '\"\\%_{}")).withDueDate(null))
            .build());

    for (Task task : tasks) {
      deleted(task);
      assertTrashed(
          List.of(task), user, "listDeleted: every value of a deleted task is kept as it was");
      Instant now = task.updatedAt();
      assertEquals(
          Optional.of(task.restored(now)),
          trash().restore(user, task.id(), now),
          "restore: every value of a deleted task is kept as it was");
      assertEquals(
          Optional.of(task.restored(now)),
          repository().find(user, task.id()),
          "find: every value of a restored task is as it was");
    }
  }

  @Test
  default void aNewTaskTakesThePlaceOfADeletedOne() {
    Task old = deleted(aTask().called("Old").build());
    UserId user = old.userId();
    Task created = aTask().of(user).under(old.id()).called("New").build();

    assertEquals(
        new CreateResult.Created(created),
        repository().create(user, asNew(created), null),
        "create: the id of a deleted task is free");
    assertTrashed(List.of(), user, "create: a new task takes the deleted one's place in the trash");
    assertEquals(
        Optional.empty(),
        trash().restore(user, old.id(), later(1)),
        "restore: a task that is there is not restored");
    assertEquals(
        Optional.of(created),
        repository().find(user, old.id()),
        "restore: a task that is there stays as it is");
    repository().delete(user, old.id(), Precondition.NONE);
    assertTrashed(
        List.of(created), user, "listDeleted: of one id only the last deleted task is kept");
  }

  @Test
  default void aRefusedCreationLeavesTheTrash() {
    IdempotencyKey key = IdempotencyKey.parse("k-1");
    Task first = aTask().build();
    UserId user = first.userId();
    repository().create(user, asNew(first), key);
    Task inTrash = deleted(aTask().of(user).build());
    Task same = aTask().of(user).under(inTrash.id()).build();
    Task different = aTask().of(user).under(inTrash.id()).called("Other").build();

    assertEquals(
        new CreateResult.Replayed(first),
        repository().create(user, asNew(same), key),
        "create: the key is checked before the id of a deleted task");
    assertEquals(
        new CreateResult.KeyReused(),
        repository().create(user, asNew(different), key),
        "create: the key is checked before the id of a deleted task");
    assertTrashed(List.of(inTrash), user, "create: what is refused takes no deleted task's place");
    repository().delete(user, first.id(), Precondition.NONE);
    assertEquals(
        new CreateResult.Replayed(first),
        repository().create(user, asNew(first), key),
        "create: a key outlives its task, which stays deleted");
    assertTrashed(
        List.of(first, inTrash), user, "create: a replay leaves the deleted task in the trash");
  }

  @Test
  default void whatIsDeletedPermanentlyLeavesNoContent() {
    UserId user = someUser();
    Task task = aTask().of(user).storedIn(repository());
    Precondition stale = new Precondition.RevisionIn(Set.of());

    assertEquals(
        new WriteResult.Stale(task),
        trash().deletePermanently(user, task.id(), stale),
        "deletePermanently: a precondition that fails refuses it");
    assertEquals(
        Optional.of(task),
        repository().find(user, task.id()),
        "deletePermanently: a precondition that fails leaves the task");
    assertEquals(
        new WriteResult.Done(task),
        trash().deletePermanently(user, task.id(), only(task)),
        "deletePermanently: it deletes a task");
    assertEquals(
        Optional.empty(),
        repository().find(user, task.id()),
        "deletePermanently: the task is gone");
    assertForgotten(task);

    Task inTrash = deleted(aTask().of(user).build());
    assertEquals(
        new WriteResult.Stale(inTrash),
        trash().deletePermanently(user, inTrash.id(), stale),
        "deletePermanently: a precondition that fails refuses it for a deleted task");
    assertTrashed(
        List.of(inTrash), user, "deletePermanently: a precondition that fails leaves the trash");
    assertEquals(
        new WriteResult.Done(inTrash),
        trash().deletePermanently(user, inTrash.id(), only(inTrash)),
        "deletePermanently: it takes a task out of the trash");
    assertForgotten(inTrash);
  }

  private void assertForgotten(Task task) {
    assertTrashed(List.of(), task.userId(), "deletePermanently: the task is not kept in the trash");
    assertEquals(
        Optional.empty(),
        trash().restore(task.userId(), task.id(), later(1)),
        "deletePermanently: the task can't be restored");
    assertEquals(
        new WriteResult.NotFound(),
        trash().deletePermanently(task.userId(), task.id(), Precondition.NONE),
        "deletePermanently: it finds the task once");
  }

  @Test
  default void aMissingTaskIsNeitherRestoredNorDeletedPermanently() {
    UserId user = someUser();
    TaskId id = someId();
    for (Precondition precondition :
        List.of(Precondition.NONE, new Precondition.RevisionIn(Set.of()))) {
      assertEquals(
          new WriteResult.NotFound(),
          trash().deletePermanently(user, id, precondition),
          "deletePermanently: a missing task is not found, whatever the precondition");
    }
    assertEquals(
        Optional.empty(),
        trash().restore(user, id, CREATED),
        "restore: a missing task is not restored");
    Task live = aTask().of(user).storedIn(repository());
    assertEquals(
        Optional.empty(),
        trash().restore(user, live.id(), later(1)),
        "restore: a task that was not deleted is not restored");
    assertEquals(
        List.of(live),
        repository().list(user, TaskQuery.newest(10)),
        "restore: a task that was not deleted stays as it is");
    assertTrashed(List.of(), user, "listDeleted: what was not deleted is not in the trash");
  }

  @Test
  default void noOperationOfTheRepositorySeesADeletedTask() {
    UserId user = someUser();
    Task kept = aTask().of(user).called("Kept").storedIn(repository());
    Task task = deleted(aTask().of(user).called("Gone").build());
    TaskFilter found = new TaskFilter(null, Search.parse("gone"), null, null, null, null);

    Set<String> tried = new TreeSet<>();
    TaskRepository store = Operations.recorded(TaskRepository.class, repository(), tried);

    assertEquals(
        Optional.empty(), store.find(user, task.id()), "find: a deleted task is not found");
    for (TaskOrder.Key key : TaskOrder.Key.values()) {
      for (TaskOrder.Direction direction : TaskOrder.Direction.values()) {
        TaskQuery query =
            new TaskQuery(TaskFilter.ALL, new TaskOrder(key, direction), PageStart.FIRST, 10);
        assertEquals(List.of(kept), store.list(user, query), "list: a deleted task is not listed");
        assertEquals(
            List.of(kept),
            changeLog().listMarked(user, query).tasks(),
            "listMarked: a deleted task is not listed");
      }
    }
    assertEquals(
        List.of(),
        store.list(user, new TaskQuery(found, TaskOrder.NEWEST_FIRST, PageStart.FIRST, 9)),
        "list: a search doesn't find a deleted task");
    assertEquals(1, store.count(user, TaskFilter.ALL), "count: a deleted task is not counted");
    assertEquals(0, store.count(user, found), "count: a search counts no deleted task");
    assertEquals(
        new TaskSummary(0, 1), store.summarize(user), "summarize: a deleted task is not counted");
    for (Precondition precondition : List.of(Precondition.NONE, only(task))) {
      for (TaskChange change :
          List.of(Edit.NOTHING, new SetCompleted(false), new ToggleCompleted())) {
        assertEquals(
            new WriteResult.NotFound(),
            store.change(user, task.id(), change, precondition, later(1)),
            "change: a deleted task is not found");
      }
      assertEquals(
          new WriteResult.NotFound(),
          store.delete(user, task.id(), precondition),
          "delete: a deleted task is not found");
    }
    assertTrashed(
        List.of(task), user, "listDeleted: what is refused leaves the deleted task as it is");
    Task other = aTask().of(user).under(task.id()).called("Other").build();
    assertEquals(
        new CreateResult.Created(other),
        store.create(user, asNew(other), null),
        "create: a deleted task's id is free");
    assertEquals(
        Operations.of(TaskRepository.class), tried, "Each method of the port must be tried here");
  }

  @Test
  default void noOperationReachesAnotherUsersTrash() {
    TaskId id = someId();
    List<UserId> users = LookAlikes.texts(UserId.MAX_LENGTH).stream().map(UserId::parse).toList();
    for (UserId user : users) {
      deleted(aTask().of(user).under(id).called("Of " + user.value().hashCode()).build());
    }
    UserId stranger = someUser();
    Set<String> tried = new TreeSet<>();
    TaskTrash store = Operations.recorded(TaskTrash.class, trash(), tried);
    assertEquals(
        List.of(),
        store.listDeleted(stranger, TaskTrash.NEWEST, 10),
        "listDeleted: nobody sees another user's deleted tasks");
    assertEquals(
        Optional.empty(),
        store.restore(stranger, id, later(1)),
        "restore: nobody restores another user's task");
    assertEquals(
        new WriteResult.NotFound(),
        store.deletePermanently(stranger, id, Precondition.NONE),
        "deletePermanently: nobody deletes another user's task");
    assertEquals(
        Operations.of(TaskTrash.class), tried, "Each method of the port must be tried here");
    for (UserId user : users) {
      assertTrashed(
          List.of(aTask().of(user).under(id).called("Of " + user.value().hashCode()).build()),
          user,
          "listDeleted: a user sees their own deleted tasks, whatever others do");
      if (user.value().hashCode() % 2 == 0) {
        trash().restore(user, id, later(1));
      } else {
        trash().deletePermanently(user, id, Precondition.NONE);
      }
      assertTrashed(List.of(), user, "listDeleted: what was restored or lost its content is gone");
    }
  }

  @Test
  default void restorationsAndPermanentDeletionsAreInTheLog() {
    UserId user = someUser();
    Task task = aTask().of(user).storedIn(repository());
    Follower follower = new Follower(changeLog(), user).readOn(() -> 10);

    checks()
        .assertLogged(
            "delete",
            follower,
            task.id(),
            () -> repository().delete(user, task.id(), Precondition.NONE));
    checks()
        .assertLogged(
            "restore", follower, task.id(), () -> trash().restore(user, task.id(), later(1)));
    checks()
        .assertLeft(
            "a restoration of a task that is there",
            user,
            () -> trash().restore(user, task.id(), later(1)));
    checks()
        .assertLeft(
            "a permanent deletion whose precondition fails",
            user,
            () ->
                trash().deletePermanently(user, task.id(), new Precondition.RevisionIn(Set.of())));
    checks()
        .assertLogged(
            "deletePermanently",
            follower,
            task.id(),
            () -> trash().deletePermanently(user, task.id(), Precondition.NONE));
    checks()
        .assertLeft(
            "a permanent deletion of a missing task",
            user,
            () -> trash().deletePermanently(user, task.id(), Precondition.NONE));

    Task other = aTask().of(user).storedIn(repository());
    follower.readOn(() -> 10);
    repository().delete(user, other.id(), Precondition.NONE);
    trash().deletePermanently(user, other.id(), Precondition.NONE);
    follower.readOn(() -> 10);
    assertEquals(
        Map.of(),
        follower.tasks(),
        "deletePermanently: the deletion is told even if its content is gone meanwhile");
  }

  @Test
  default void ofManyRestorationsOneFindsTheTask() {
    Race.repeatedly(
        round -> {
          Task task = deleted(aTask().build());

          List<Optional<Task>> results =
              atOnce(CALLERS, caller -> () -> trash().restore(task.userId(), task.id(), later(1)));

          assertEquals(
              List.of(task.restored(later(1))),
              results.stream().flatMap(Optional::stream).toList(),
              "restore: of many restorations one finds the task");
          assertInOnePlace(task, Optional.of(task.restored(later(1))), Optional.empty());
        });
  }

  @Test
  default void ofARestorationAndACreationOneMakesTheTask() {
    Race.repeatedly(
        round -> {
          Task task = deleted(aTask().called("Old").build());
          Task created = aTask().of(task.userId()).under(task.id()).called("New").build();

          List<Optional<Task>> results =
              atOnce(
                  CALLERS,
                  caller ->
                      caller % 2 == 0
                          ? () -> trash().restore(task.userId(), task.id(), later(1))
                          : () ->
                              repository()
                                  .create(task.userId(), asNew(created), null)
                                  .match(
                                      made -> Optional.of(made.task()),
                                      replayed -> Optional.empty(),
                                      keyReused -> Optional.empty(),
                                      exists -> Optional.empty()));

          List<Task> made = results.stream().flatMap(Optional::stream).toList();
          assertEquals(
              1,
              made.size(),
              "restore: of restorations and creations of one id one is done: " + made);
          assertInOnePlace(task, Optional.of(made.get(0)), Optional.empty());
        });
  }

  @Test
  default void whatIsDeletedPermanentlyWhileItIsRestoredIsGone() {
    Race.repeatedly(
        round -> {
          Task task = deleted(aTask().build());

          List<Optional<Task>> results =
              atOnce(
                  CALLERS,
                  caller ->
                      caller % 2 == 0
                          ? () -> trash().restore(task.userId(), task.id(), later(1))
                          : () ->
                              done(
                                  trash()
                                      .deletePermanently(
                                          task.userId(), task.id(), Precondition.NONE)));

          List<Task> restored = every(2, 0, results);
          List<Task> deleted = every(2, 1, results);
          assertTrue(restored.size() <= 1, "restore: a task is restored once: " + results);
          assertEquals(
              restored.isEmpty() ? List.of(task) : restored,
              deleted,
              "deletePermanently: one call finds the task, in the trash or restored");
          assertInOnePlace(task, Optional.empty(), Optional.empty());
        });
  }

  @Test
  default void whatIsDeletedRestoredAndToggledAtOnceIsInOnePlace() {
    Race.repeatedly(
        round -> {
          Task task = aTask().storedIn(repository());
          UserId user = task.userId();
          List<Callable<Optional<Task>>> calls =
              List.of(
                  () -> done(repository().delete(user, task.id(), Precondition.NONE)),
                  () -> trash().restore(user, task.id(), later(1)),
                  () ->
                      done(
                          repository()
                              .change(
                                  user,
                                  task.id(),
                                  new ToggleCompleted(),
                                  Precondition.NONE,
                                  later(1))));

          List<Optional<Task>> results = atOnce(9, caller -> calls.get(caller % 3));

          int deletions = every(3, 0, results).size();
          int restorations = every(3, 1, results).size();
          int toggles = every(3, 2, results).size();
          Task last = task;
          for (int i = 0; i < toggles; i++) {
            last = last.apply(new ToggleCompleted(), later(1));
          }
          for (int i = 0; i < restorations; i++) {
            last = last.restored(later(1));
          }
          if (deletions == restorations) {
            assertInOnePlace(task, Optional.of(last), Optional.empty());
          } else {
            assertEquals(
                restorations + 1,
                deletions,
                "delete: after the race there is a restoration between two deletions: " + results);
            assertInOnePlace(task, Optional.empty(), Optional.of(last));
          }
        });
  }

  private static List<Task> every(int step, int first, List<Optional<Task>> results) {
    List<Task> some = new ArrayList<>();
    for (int i = first; i < results.size(); i += step) {
      results.get(i).ifPresent(some::add);
    }
    return some;
  }

  private void assertInOnePlace(Task task, Optional<Task> stored, Optional<Task> inTrash) {
    UserId user = task.userId();
    assertEquals(
        stored,
        repository().find(user, task.id()),
        "find: after the race the task is what the answers say");
    assertTrashed(
        inTrash.stream().toList(),
        user,
        "listDeleted: after the race the trash holds what the answers say");
    assertEquals(
        stored.stream().collect(Collectors.toMap(Task::id, Function.identity())),
        new Follower(changeLog(), user).readOn(() -> 10).tasks(),
        "read: after the race the log agrees with the store");
  }

  @Test
  default void followersHoldTheTasksWhileTheyAreRestored() {
    LogHistory.run(repository(), changeLog(), trash());
  }

  @Test
  default void randomSequencesAgreeWithTheModel() {
    LogModel.compare(repository(), changeLog(), trash());
  }

  private Task deleted(Task task) {
    repository().create(task.userId(), asNew(task), null);
    assertEquals(
        new WriteResult.Done(task),
        repository().delete(task.userId(), task.id(), Precondition.NONE),
        "delete: a deletion is done");
    return task;
  }

  private void assertTrashed(List<Task> tasks, UserId user, String message) {
    assertEquals(
        tasks,
        trash().listDeleted(user, TaskTrash.NEWEST, 100).stream().map(DeletedTask::task).toList(),
        message);
  }

  private void change(Task task, TaskChange change, Instant now) {
    repository().change(task.userId(), task.id(), change, Precondition.NONE, now);
  }

  private static Optional<Task> done(WriteResult result) {
    return result.match(
        done -> Optional.of(done.task()), notFound -> Optional.empty(), stale -> Optional.empty());
  }

  private static Instant later(int seconds) {
    return CREATED.plusSeconds(seconds);
  }

  private LogChecks checks() {
    return new LogChecks(repository(), changeLog(), marks());
  }

  private static Precondition only(Task task) {
    return new Precondition.RevisionIn(Set.of(task.revision()));
  }
}
