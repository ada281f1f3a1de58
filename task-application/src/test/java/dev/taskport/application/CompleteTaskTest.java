package dev.taskport.application;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange.Completion;
import dev.taskport.domain.TaskChange.SetCompleted;
import dev.taskport.domain.TaskChange.ToggleCompleted;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.async.ThreadedTaskRepository;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CompleteTaskTest {
  private static final Instant NOW = CREATED.plusSeconds(1);
  private static final Completion TOGGLE = new ToggleCompleted();
  private static final Completion DONE = new SetCompleted(true);

  private final InMemoryTaskRepository tasks = new InMemoryTaskRepository();
  private final CompleteTask completeTask =
      new CompleteTask(
          new ThreadedTaskRepository(Runnable::run, tasks, tasks),
          Clock.fixed(NOW, ZoneOffset.UTC));
  private final Task task = aTask().storedIn(tasks);

  @Test
  void aToggleTurnsTheStateBothWays() {
    Task done = task.apply(TOGGLE, NOW);

    assertEquals(new WriteResult.Done(done), complete(TOGGLE, Precondition.NONE));
    assertEquals(
        new WriteResult.Done(done.apply(TOGGLE, NOW)), complete(TOGGLE, Precondition.NONE));
    assertEquals(NOW, done.updatedAt());
  }

  @Test
  void settingTheStateTwiceModifiesTheTaskOnce() {
    WriteResult done = new WriteResult.Done(task.apply(DONE, NOW));

    assertEquals(done, complete(DONE, Precondition.NONE));
    assertEquals(done, complete(DONE, Precondition.NONE));
  }

  @Test
  void anOutdatedStateIsNotCompleted() {
    Precondition seen = new Precondition.RevisionIn(Set.of(task.revision()));
    complete(TOGGLE, seen);

    assertEquals(new WriteResult.Stale(task.apply(TOGGLE, NOW)), complete(TOGGLE, seen));
  }

  @Test
  void nobodyCompletesAnotherUsersTask() {
    assertEquals(new WriteResult.NotFound(), complete(someUser(), DONE, Precondition.NONE));

    assertEquals(Optional.of(task), tasks.find(task.userId(), task.id()));
  }

  private WriteResult complete(Completion completion, Precondition precondition) {
    return complete(task.userId(), completion, precondition);
  }

  private WriteResult complete(UserId user, Completion completion, Precondition precondition) {
    return completeTask
        .complete(user, task.id(), completion, precondition)
        .toCompletableFuture()
        .join();
  }
}
