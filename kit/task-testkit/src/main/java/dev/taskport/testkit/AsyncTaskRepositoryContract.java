package dev.taskport.testkit;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aCompletedTask;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static dev.taskport.testkit.SampleTasks.someId;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskChange.Edit;
import dev.taskport.domain.TaskChange.SetCompleted;
import dev.taskport.domain.TaskChange.ToggleCompleted;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskOrder.Direction;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.async.AsyncTaskRepository;
import dev.taskport.domain.changelog.MarkedTasks;
import dev.taskport.domain.changelog.TaskChangeLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What {@link AsyncTaskRepository} promises: the results of the calls that block, later. Every test
 * works with users of its own.
 */
public interface AsyncTaskRepositoryContract extends Contract {
  /** How many users call at once. */
  int USERS = 40;

  /** How many toggles of one task are under way at once. */
  int TOGGLES = 40;

  /** The calls of the store under test that tell their results later. */
  AsyncTaskRepository async();

  /** The log of the store under test. */
  TaskChangeLog changeLog();

  @Test
  default void aResultThatComesLaterIsThatOfTheCallThatBlocks() {
    Set<String> tried = new TreeSet<>();
    AsyncTaskRepository async = Operations.recorded(AsyncTaskRepository.class, async(), tried);
    UserId user = someUser();
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      SampleTasks task = i % 2 == 0 ? aTask() : aCompletedTask();
      Duration delay = Duration.ofSeconds(i);
      tasks.add(task.of(user).called("Task " + i).createdAfter(delay).storedIn(repository()));
    }

    for (Task task : tasks) {
      assertEquals(
          repository().find(user, task.id()),
          result(async.find(user, task.id())),
          "find: what comes later is what the call that blocks finds");
    }
    assertEquals(
        Optional.empty(),
        result(async.find(user, someId())),
        "find: an id that no task has finds nothing, later too");
    for (TaskQuery query : queries(tasks.get(2))) {
      assertEquals(
          changeLog().listMarked(user, query),
          result(async.listMarked(user, query)),
          "listMarked: what comes later is what the call that blocks lists, by " + query);
    }
    assertCreations(async);
    for (TaskChange change : changes()) {
      assertChanges(async, change);
    }
    assertDeletions(async);
    assertEquals(
        Operations.of(AsyncTaskRepository.class),
        tried,
        "Each method of the port must be tried here");
  }

  private static List<TaskQuery> queries(Task middle) {
    TaskQuery newest = TaskQuery.newest(100);
    TaskFilter completed = new TaskFilter(true, null, null, null, null, null);
    List<TaskQuery> queries =
        new ArrayList<>(
            List.of(
                newest,
                newest.withLimit(2),
                newest.withLimit(1000),
                newest.from(new PageStart.Offset(3)),
                new TaskQuery(completed, newest.order(), newest.start(), 2)));
    for (TaskOrder.Key key : TaskOrder.Key.values()) {
      for (Direction direction : Direction.values()) {
        TaskOrder order = new TaskOrder(key, direction);
        TaskQuery ordered = new TaskQuery(TaskFilter.ALL, order, newest.start(), 3);
        queries.add(ordered);
        queries.add(ordered.from(new PageStart.After(order.positionOf(middle))));
      }
    }
    return queries;
  }

  private static List<TaskChange> changes() {
    List<TaskChange> changes =
        List.of(
            Edit.NOTHING,
            Edit.NOTHING.withTitle(Title.parse("Edited")).withDescription(null),
            new SetCompleted(true),
            new SetCompleted(false),
            new ToggleCompleted());
    assertEquals(
        Kinds.of(TaskChange.class),
        changes.stream().map(TaskChange::getClass).collect(Collectors.toSet()),
        "Each kind of change must be tried here");
    return changes;
  }

  private void assertCreations(AsyncTaskRepository async) {
    IdempotencyKey key = IdempotencyKey.parse("k-1");
    Task first = aTask().build();
    SampleTasks another = aTask().of(first.userId()).createdAfter(Duration.ofSeconds(1));
    Task second = another.build();
    Task retry = another.saying(second.content()).build();
    Task reuse = another.called("Other").build();
    Task taken = another.under(first.id()).called("Taken").build();

    assertCreation(async, new CreateResult.Created(first), first, null);
    assertCreation(async, new CreateResult.Created(second), second, key);
    assertCreation(async, new CreateResult.Replayed(second), retry, key);
    assertCreation(async, new CreateResult.KeyReused(), reuse, key);
    assertCreation(async, new CreateResult.Exists(first), taken, null);
    assertEquals(
        List.of(second, first),
        repository().list(first.userId(), TaskQuery.newest(10)),
        "list: what is created later is stored once");
  }

  private static void assertCreation(
      AsyncTaskRepository async, CreateResult expected, Task task, @Nullable IdempotencyKey key) {
    assertEquals(
        expected,
        result(async.create(task.userId(), asNew(task), key)),
        "create: what comes later is what the call that blocks answers");
  }

  private void assertChanges(AsyncTaskRepository async, TaskChange change) {
    Task task = aTask().storedIn(repository());
    UserId user = task.userId();
    Precondition seen = only(task);
    Task once = task.apply(change, CREATED.plusSeconds(1));
    Task twice = once.apply(change, CREATED.plusSeconds(2));
    Task other = twice.apply(new ToggleCompleted(), CREATED.plusSeconds(3));
    WriteResult notFound = new WriteResult.NotFound();

    assertChange(async, new WriteResult.Done(once), task, change, seen, 1);
    assertChange(async, new WriteResult.Done(twice), task, change, Precondition.NONE, 2);
    assertChange(
        async, new WriteResult.Done(other), task, new ToggleCompleted(), only(twice, task), 3);
    assertChange(async, new WriteResult.Stale(other), task, change, seen, 4);
    assertChange(async, notFound, aTask().of(user).build(), change, Precondition.NONE, 4);
    assertChange(async, notFound, aTask().under(task.id()).build(), change, Precondition.NONE, 4);
    assertEquals(
        Optional.of(other),
        repository().find(user, task.id()),
        "find: what is changed later is stored, by " + change);
  }

  private static void assertChange(
      AsyncTaskRepository async,
      WriteResult expected,
      Task task,
      TaskChange change,
      Precondition precondition,
      int second) {
    Instant now = CREATED.plusSeconds(second);
    assertEquals(
        expected,
        result(async.change(task.userId(), task.id(), change, precondition, now)),
        "change: what comes later is what the call that blocks answers, by " + change);
  }

  private void assertDeletions(AsyncTaskRepository async) {
    Task task = aTask().storedIn(repository());
    Task changed = task.apply(new ToggleCompleted(), CREATED.plusSeconds(1));
    Task kept = aTask().of(task.userId()).storedIn(repository());
    repository()
        .change(
            task.userId(),
            task.id(),
            new ToggleCompleted(),
            Precondition.NONE,
            CREATED.plusSeconds(1));

    assertDeletion(async, new WriteResult.Stale(changed), task, only(task));
    assertDeletion(async, new WriteResult.Done(changed), task, only(changed));
    assertDeletion(async, new WriteResult.NotFound(), task, Precondition.NONE);
    assertDeletion(
        async, new WriteResult.NotFound(), aTask().under(kept.id()).build(), Precondition.NONE);
    assertEquals(
        List.of(kept),
        repository().list(task.userId(), TaskQuery.newest(10)),
        "list: what is deleted later is gone, and nothing else");
  }

  private static void assertDeletion(
      AsyncTaskRepository async, WriteResult expected, Task task, Precondition precondition) {
    assertEquals(
        expected,
        result(async.delete(task.userId(), task.id(), precondition)),
        "delete: what comes later is what the call that blocks answers");
  }

  @Test
  default void noReadThatComesLaterReachesAnotherUsersTasks() {
    Task task = aTask().storedIn(repository());
    UserId other = someUser();

    assertEquals(
        Optional.empty(),
        result(async().find(other, task.id())),
        "find: another user's task is not found");
    assertEquals(
        List.of(),
        result(async().listMarked(other, TaskQuery.newest(10))).tasks(),
        "listMarked: another user's task is not listed");
  }

  @Test
  default void noWriteThatComesLaterReachesAnotherUsersTasks() {
    IdempotencyKey key = IdempotencyKey.parse("k-1");
    Task task = aTask().build();
    UserId owner = task.userId();
    repository().create(owner, asNew(task), key);
    UserId other = someUser();

    for (Precondition precondition : List.of(Precondition.NONE, only(task))) {
      for (TaskChange change : changes()) {
        assertEquals(
            new WriteResult.NotFound(),
            result(async().change(other, task.id(), change, precondition, CREATED.plusSeconds(1))),
            "change: another user's task is not found");
      }
      assertEquals(
          new WriteResult.NotFound(),
          result(async().delete(other, task.id(), precondition)),
          "delete: another user's task is not found");
    }
    Task same = aTask().of(other).under(task.id()).called("Own").build();
    assertEquals(
        new CreateResult.Created(same),
        result(async().create(other, asNew(same), key)),
        "create: another user's id and key are free");
    assertEquals(
        List.of(task),
        repository().list(owner, TaskQuery.newest(10)),
        "list: what another user does changes nothing in the owner's list");
  }

  @Test
  default void aReadThatComesLaterShowsWhatWasConfirmedBefore() {
    Task task = aTask().build();
    UserId user = task.userId();
    repository().create(user, asNew(task), null);
    for (int i = 1; i <= 20; i++) {
      Instant now = CREATED.plusSeconds(i);
      if (i % 2 == 0) {
        repository().change(user, task.id(), new ToggleCompleted(), Precondition.NONE, now);
      } else {
        var unused =
            result(async().change(user, task.id(), new ToggleCompleted(), Precondition.NONE, now));
      }
      task = task.apply(new ToggleCompleted(), now);

      assertEquals(
          Optional.of(task),
          result(async().find(user, task.id())),
          "find: a change that was confirmed is seen");
      assertEquals(
          new MarkedTasks(List.of(task), changeLog().mark(user)),
          result(async().listMarked(user, TaskQuery.newest(10))),
          "listMarked: a change that was confirmed is seen");
    }
    repository().delete(user, task.id(), Precondition.NONE);

    assertEquals(
        Optional.empty(),
        result(async().find(user, task.id())),
        "find: a deletion that was confirmed is seen");
    assertEquals(
        new MarkedTasks(List.of(), changeLog().mark(user)),
        result(async().listMarked(user, TaskQuery.newest(10))),
        "listMarked: a deletion that was confirmed is seen");
  }

  @Test
  default void ofManyReadsAtOnceEachGetsItsOwnResult() {
    TaskQuery query = TaskQuery.newest(10);
    List<Task> tasks =
        IntStream.range(0, USERS)
            .mapToObj(
                i -> {
                  Task task = aTask().called("Of reader " + i).storedIn(repository());
                  for (int change = 0; change < i % 4; change++) {
                    Edit edit = Edit.NOTHING.withTitle(Title.parse("Change " + change));
                    repository().change(task.userId(), task.id(), edit, Precondition.NONE, CREATED);
                  }
                  return repository().find(task.userId(), task.id()).orElseThrow();
                })
            .toList();
    List<MarkedTasks> lists =
        tasks.stream()
            .map(task -> new MarkedTasks(List.of(task), changeLog().mark(task.userId())))
            .toList();
    Race.repeatedly(
        round -> {
          List<CompletionStage<Optional<Task>>> finds = new ArrayList<>();
          List<CompletionStage<MarkedTasks>> listed = new ArrayList<>();
          for (Task task : tasks) {
            finds.add(async().find(task.userId(), task.id()));
            listed.add(async().listMarked(task.userId(), query));
          }
          for (int i = 0; i < USERS; i++) {
            assertEquals(
                Optional.of(tasks.get(i)),
                result(finds.get(i)),
                "find: of many reads at once each gets its own result");
            assertEquals(
                lists.get(i),
                result(listed.get(i)),
                "listMarked: of many reads at once each gets its own result");
          }
        });
  }

  @Test
  default void ofManyWritesAtOnceEachGetsItsOwnResult() {
    List<Writer> writers =
        IntStream.range(0, USERS).mapToObj(i -> new Writer(i, repository())).toList();

    Race.repeatedly(
        round -> {
          List<Runnable> checks = new ArrayList<>();
          for (Writer writer : writers) {
            checks.addAll(writer.write(round, async()));
          }
          checks.forEach(Runnable::run);
        });

    for (Writer writer : writers) {
      assertEquals(
          writer.tasks(),
          Set.copyOf(repository().list(writer.user(), TaskQuery.newest(100))),
          "list: of many writes at once each is carried out once");
    }
  }

  @Test
  default void ofManyTogglesOfOneTaskAtOnceEachIsCounted() {
    Task task = aTask().storedIn(repository());
    List<CompletionStage<WriteResult>> toggles = new ArrayList<>();
    Set<WriteResult> expected = new HashSet<>();
    Task last = task;
    Instant now = CREATED.plusSeconds(1);
    for (int i = 0; i < TOGGLES; i++) {
      toggles.add(
          async().change(task.userId(), task.id(), new ToggleCompleted(), Precondition.NONE, now));
      last = last.apply(new ToggleCompleted(), now);
      expected.add(new WriteResult.Done(last));
    }

    Set<WriteResult> results = new HashSet<>();
    for (CompletionStage<WriteResult> toggle : toggles) {
      results.add(result(toggle));
    }

    assertEquals(
        expected, results, "change: of many toggles of one task at once each has its own result");
    assertEquals(
        Optional.of(last),
        repository().find(task.userId(), task.id()),
        "find: of many toggles of one task at once each is carried out");
  }

  private static Precondition only(Task... states) {
    return new Precondition.RevisionIn(
        Arrays.stream(states).map(Task::revision).collect(Collectors.toSet()));
  }

  /** Waits for the result. */
  private static <T> T result(CompletionStage<T> later) {
    return AwaitedTaskRepository.await(later);
  }
}
