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
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.TaskSummary;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What {@link TaskRepository} promises about other users: every operation is tried with the ids and
 * keys of another user, whose tasks must not be seen or changed. A part of {@link
 * TaskRepositoryContract}.
 */
public interface OtherUsersContract extends Contract {

  @Test
  default void noOperationReachesAnotherUsersTasks() {
    Set<String> tried = new TreeSet<>();
    TaskRepository store = Operations.recorded(TaskRepository.class, repository(), tried);
    UserId owner = someUser();
    IdempotencyKey key = IdempotencyKey.parse("k-1");
    Task open = aTask().of(owner).build();
    Task done = aCompletedTask().of(owner).storedIn(store);
    store.create(owner, asNew(open), key);
    List<Task> before = store.list(owner, TaskQuery.newest(10));
    tried.clear();

    UserId other = someUser();
    find(store, other, open);
    list(store, other, open);
    write(store, other, open);
    write(store, other, done);
    create(store, other, open, key);

    assertEquals(
        Operations.of(TaskRepository.class), tried, "Each method of the port must be tried here");
    assertEquals(
        before,
        repository().list(owner, TaskQuery.newest(10)),
        "list: what another user does changes nothing in the owner's list");
    assertEquals(
        new TaskSummary(1, 1),
        repository().summarize(owner),
        "summarize: what another user does changes nothing in the owner's numbers");
    Task again = aTask().of(owner).saying(open.content()).build();
    assertEquals(
        new CreateResult.Replayed(open),
        repository().create(owner, asNew(again), key),
        "create: another user's use of the same key leaves the owner's key alone");
  }

  @Test
  default void usersWhoseIdsLookAlikeAreStrangers() {
    IdempotencyKey key = IdempotencyKey.parse("k-1");
    TaskId id = someId();
    List<Task> tasks =
        LookAlikes.texts(UserId.MAX_LENGTH).stream()
            .map(
                text ->
                    aTask()
                        .of(UserId.parse(text))
                        .under(id)
                        .called("Of " + text.length() + " " + text.hashCode())
                        .build())
            .toList();
    for (Task task : tasks) {
      assertEquals(
          new CreateResult.Created(task),
          repository().create(task.userId(), asNew(task), key),
          "create: a user whose id looks like another's has ids and keys of their own");
    }
    for (Task task : tasks) {
      assertEquals(
          List.of(task),
          repository().list(task.userId(), TaskQuery.newest(100)),
          "list: a user whose id looks like another's sees their own tasks only");
      assertEquals(
          new TaskSummary(0, 1),
          repository().summarize(task.userId()),
          "summarize: the tasks of a user whose id looks like this one are not counted");
    }
    for (Task task : tasks) {
      assertEquals(
          new WriteResult.Done(task),
          repository().delete(task.userId(), id, Precondition.NONE),
          "delete: a user whose id looks like another's deletes their own task only");
    }
  }

  @Test
  default void aUserAndAKeyAreNotTakenForAnotherUserAndKey() {
    for (String seam : List.of(":", "/", "|", "-", "#", ",", "~", "_", ".", "&", "\\")) {
      String user = someUser().value();
      IdempotencyKey one = IdempotencyKey.parse("b" + seam + "c");
      Task first = aTask().of(UserId.parse(user)).build();
      IdempotencyKey other = IdempotencyKey.parse("c");
      Task second = aTask().of(UserId.parse(user + seam + "b")).build();

      repository().create(first.userId(), asNew(first), one);
      assertEquals(
          new CreateResult.Created(second),
          repository().create(second.userId(), asNew(second), other),
          "create: user and key are compared one by one, not joined by " + seam);
    }
  }

  private static void find(TaskRepository store, UserId other, Task task) {
    assertEquals(
        Optional.empty(), store.find(other, task.id()), "find: another user's task is not found");
    assertEquals(
        0, store.count(other, TaskFilter.ALL), "count: another user's tasks are not counted");
    TaskFilter found = new TaskFilter(null, Search.parse("milk"), null, null, null, null);
    assertEquals(
        0, store.count(other, found), "count: a search doesn't count another user's tasks");
    assertEquals(
        List.of(),
        store.list(other, new TaskQuery(found, TaskOrder.NEWEST_FIRST, PageStart.FIRST, 9)),
        "list: a search doesn't find another user's tasks");
    assertEquals(
        new TaskSummary(0, 0),
        store.summarize(other),
        "summarize: another user's tasks are not counted");
  }

  /** Starts at the beginning, and before and after the position of the other user's task. */
  private static void list(TaskRepository store, UserId other, Task task) {
    for (TaskOrder.Key key : TaskOrder.Key.values()) {
      for (TaskOrder.Direction direction : TaskOrder.Direction.values()) {
        TaskOrder order = new TaskOrder(key, direction);
        for (Boolean completed : Arrays.asList(null, true, false)) {
          TaskQuery query =
              new TaskQuery(
                  new TaskFilter(completed, null, null, null, null, null),
                  order,
                  PageStart.FIRST,
                  10);
          assertEquals(
              List.of(), store.list(other, query), "list: another user's tasks are not listed");
          assertEquals(
              List.of(),
              store.list(other, query.from(new PageStart.After(order.positionOf(task)))),
              "list: another user's tasks are not listed from a position on");
        }
      }
    }
  }

  private static void write(TaskRepository store, UserId other, Task task) {
    Instant now = CREATED.plusSeconds(1);
    List<TaskChange> changes =
        List.of(
            Edit.NOTHING,
            Edit.NOTHING.withTitle(Title.parse("Theirs")).withDescription(null).withCompleted(true),
            new SetCompleted(!task.completed()),
            new SetCompleted(task.completed()),
            new ToggleCompleted());
    assertEquals(
        Kinds.of(TaskChange.class),
        changes.stream().map(TaskChange::getClass).collect(Collectors.toSet()),
        "Each kind of change must be tried here");
    for (Precondition precondition :
        List.of(
            Precondition.NONE,
            new Precondition.RevisionIn(Set.of(task.revision())),
            new Precondition.RevisionIn(Set.of()))) {
      for (TaskChange change : changes) {
        assertEquals(
            new WriteResult.NotFound(),
            store.change(other, task.id(), change, precondition, now),
            "change: another user's task is not found");
      }
      assertEquals(
          new WriteResult.NotFound(),
          store.delete(other, task.id(), precondition),
          "delete: another user's task is not found");
    }
  }

  /** Creates a task with the other user's id and key, then calls every operation on it. */
  private static void create(TaskRepository store, UserId other, Task task, IdempotencyKey key) {
    Task same = aTask().of(other).under(task.id()).called("Own").build();
    assertEquals(
        new CreateResult.Created(same),
        store.create(other, asNew(same), key),
        "create: another user's id and key are free");
    assertEquals(
        List.of(same),
        store.list(other, TaskQuery.newest(10)),
        "list: of two users' tasks with one id each sees their own");
    Task another = aTask().of(other).under(task.id()).called("Own, too").build();
    assertEquals(
        new CreateResult.Exists(same),
        store.create(other, asNew(another), null),
        "create: an id that is taken is answered with the user's own task");
    Task changed = same.apply(new ToggleCompleted(), CREATED.plusSeconds(1));
    assertEquals(
        new WriteResult.Done(changed),
        store.change(
            other,
            same.id(),
            new ToggleCompleted(),
            new Precondition.RevisionIn(Set.of(same.revision())),
            CREATED.plusSeconds(1)),
        "change: of two users' tasks with one id each changes their own");
    assertEquals(
        new WriteResult.Done(changed),
        store.delete(other, same.id(), Precondition.NONE),
        "delete: of two users' tasks with one id each deletes their own");
  }
}
