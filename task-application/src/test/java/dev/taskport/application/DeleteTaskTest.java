package dev.taskport.application;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.Precondition;
import dev.taskport.domain.Revision;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.WriteResult;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeleteTaskTest {
  private final TaskRepository tasks = new InMemoryTaskRepository();
  private final DeleteTask deleteTask = new DeleteTask(tasks);
  private final Task task = aTask().storedIn(tasks);

  @Test
  void aTaskIsDeletedOnce() {
    assertEquals(
        new WriteResult.Done(task), deleteTask.delete(task.userId(), task.id(), Precondition.NONE));
    assertEquals(
        new WriteResult.NotFound(), deleteTask.delete(task.userId(), task.id(), Precondition.NONE));

    assertEquals(Optional.empty(), tasks.find(task.userId(), task.id()));
  }

  @Test
  void aTaskInAnotherStateIsNotDeleted() {
    Precondition other = new Precondition.RevisionIn(Set.of(new Revision(CREATED, 7)));

    assertEquals(new WriteResult.Stale(task), deleteTask.delete(task.userId(), task.id(), other));

    assertEquals(Optional.of(task), tasks.find(task.userId(), task.id()));
  }

  @Test
  void nobodyDeletesAnotherUsersTask() {
    assertEquals(
        new WriteResult.NotFound(), deleteTask.delete(someUser(), task.id(), Precondition.NONE));

    assertEquals(Optional.of(task), tasks.find(task.userId(), task.id()));
  }
}
