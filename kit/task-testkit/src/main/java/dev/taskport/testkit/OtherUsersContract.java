package dev.taskport.testkit;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aCompletedTask;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
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
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.TaskSummary;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What {@link TaskRepository} promises about other users: every operation is tried with what
 * belongs to somebody else, and their tasks stay as they are. A part of {@link
 * TaskRepositoryContract}.
 */
public interface OtherUsersContract {
  /** The store under test. */
  TaskRepository repository();

  @Test
  default void noOperationReachesAnotherUsersTasks() {
    Set<String> tried = new TreeSet<>();
    TaskRepository store = recording(repository(), tried);
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

    assertEquals(operations(), tried, "Each method of the port must be tried here");
    assertEquals(before, repository().list(owner, TaskQuery.newest(10)));
    assertEquals(new TaskSummary(1, 1), repository().summarize(owner));
    Task again = aTask().of(owner).saying(open.content()).build();
    assertEquals(new CreateResult.Replayed(open), repository().create(owner, asNew(again), key));
  }

  private static void find(TaskRepository store, UserId other, Task task) {
    assertEquals(Optional.empty(), store.find(other, task.id()));
    assertEquals(0, store.count(other, TaskFilter.ALL));
    TaskFilter found = new TaskFilter(null, Search.parse("milk"), null, null, null, null);
    assertEquals(0, store.count(other, found));
    assertEquals(
        List.of(),
        store.list(other, new TaskQuery(found, TaskOrder.NEWEST_FIRST, PageStart.FIRST, 9)));
    assertEquals(new TaskSummary(0, 0), store.summarize(other));
  }

  /** From the beginning, and before and after where the other's task stands. */
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
          assertEquals(List.of(), store.list(other, query));
          assertEquals(
              List.of(),
              store.list(other, query.from(new PageStart.After(order.positionOf(task)))));
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
            new WriteResult.NotFound(), store.change(other, task.id(), change, precondition, now));
      }
      assertEquals(new WriteResult.NotFound(), store.delete(other, task.id(), precondition));
    }
  }

  /** Under the other's id and key, then everything that can be done with it. */
  private static void create(TaskRepository store, UserId other, Task task, IdempotencyKey key) {
    Task same = aTask().of(other).under(task.id()).called("Own").build();
    assertEquals(new CreateResult.Created(same), store.create(other, asNew(same), key));
    assertEquals(List.of(same), store.list(other, TaskQuery.newest(10)));
    Task another = aTask().of(other).under(task.id()).called("Own, too").build();
    assertEquals(new CreateResult.Exists(same), store.create(other, asNew(another), null));
    Task changed = same.apply(new ToggleCompleted(), CREATED.plusSeconds(1));
    assertEquals(
        new WriteResult.Done(changed),
        store.change(
            other,
            same.id(),
            new ToggleCompleted(),
            new Precondition.RevisionIn(Set.of(same.revision())),
            CREATED.plusSeconds(1)));
    assertEquals(new WriteResult.Done(changed), store.delete(other, same.id(), Precondition.NONE));
  }

  private static Set<String> operations() {
    return Arrays.stream(TaskRepository.class.getMethods())
        .map(Method::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Notes the names of the methods that are called on the store. */
  private static TaskRepository recording(TaskRepository store, Set<String> called) {
    return (TaskRepository)
        Proxy.newProxyInstance(
            TaskRepository.class.getClassLoader(),
            new Class<?>[] {TaskRepository.class},
            (proxy, method, arguments) -> {
              called.add(method.getName());
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
