package dev.taskport.testkit;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aCompletedTask;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static dev.taskport.testkit.SampleTasks.someId;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.PageStart;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange.Edit;
import dev.taskport.domain.TaskChange.ToggleCompleted;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskOrder.Direction;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.async.AsyncTaskRepository;
import dev.taskport.domain.changelog.MarkedTasks;
import dev.taskport.domain.changelog.TaskChangeLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What {@link AsyncTaskRepository} promises: the results of the calls that block, later. Every test
 * works with users of its own.
 */
public interface AsyncTaskRepositoryContract extends Contract {
  /** How many users read at once, each of whom reads a task and the list. */
  int READERS = 40;

  /** The reads of the store under test that tell their results later. */
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
  default void aReadThatComesLaterShowsWhatWasConfirmedBefore() {
    Task task = aTask().build();
    UserId user = task.userId();
    repository().create(user, asNew(task), null);
    for (int i = 1; i <= 20; i++) {
      Task before = task;
      task = task.apply(new ToggleCompleted(), CREATED.plusSeconds(i));
      repository()
          .change(
              user, before.id(), new ToggleCompleted(), Precondition.NONE, CREATED.plusSeconds(i));

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
        IntStream.range(0, READERS)
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
          for (int i = 0; i < READERS; i++) {
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

  /** Waits for the result. */
  private static <T> T result(CompletionStage<T> later) {
    return later.toCompletableFuture().join();
  }
}
