package dev.taskport.application;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.Precondition;
import dev.taskport.domain.Revision;
import dev.taskport.domain.Task;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.async.ThreadedTaskRepository;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeleteTaskTest {
  private final InMemoryTaskRepository tasks = new InMemoryTaskRepository();
  private final DeleteTask deleteTask =
      new DeleteTask(new ThreadedTaskRepository(Runnable::run, tasks, tasks));
  private final Task task = aTask().storedIn(tasks);

  @Test
  void aTaskIsDeletedOnce() {
    assertEquals(new WriteResult.Done(task), deleted(task.userId(), Precondition.NONE));
    assertEquals(new WriteResult.NotFound(), deleted(task.userId(), Precondition.NONE));

    assertEquals(Optional.empty(), tasks.find(task.userId(), task.id()));
  }

  @Test
  void aTaskInAnotherStateIsNotDeleted() {
    Precondition other = new Precondition.RevisionIn(Set.of(new Revision(CREATED, 7)));

    assertEquals(new WriteResult.Stale(task), deleted(task.userId(), other));

    assertEquals(Optional.of(task), tasks.find(task.userId(), task.id()));
  }

  @Test
  void nobodyDeletesAnotherUsersTask() {
    assertEquals(new WriteResult.NotFound(), deleted(someUser(), Precondition.NONE));

    assertEquals(Optional.of(task), tasks.find(task.userId(), task.id()));
  }

  private WriteResult deleted(UserId user, Precondition precondition) {
    return deleteTask.delete(user, task.id(), precondition).toCompletableFuture().join();
  }
}
