package dev.taskport.application;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.Precondition;
import dev.taskport.domain.Revision;
import dev.taskport.domain.Task;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.changelog.TaskTrash;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeleteTaskPermanentlyTest {
  private final InMemoryTaskRepository tasks = new InMemoryTaskRepository();
  private final DeleteTaskPermanently deleteTask = new DeleteTaskPermanently(tasks);
  private final Task task = aTask().storedIn(tasks);

  @Test
  void whatIsDeletedPermanentlyCanNotBeRestored() {
    assertEquals(new WriteResult.Done(task), delete(Precondition.NONE));
    assertEquals(new WriteResult.NotFound(), delete(Precondition.NONE));

    assertEquals(Optional.empty(), tasks.find(task.userId(), task.id()));
    assertEquals(List.of(), tasks.listDeleted(task.userId(), TaskTrash.NEWEST, 10));
  }

  @Test
  void aTaskInAnotherStateIsNotDeleted() {
    Precondition other = new Precondition.RevisionIn(Set.of(new Revision(CREATED, 7)));

    assertEquals(new WriteResult.Stale(task), delete(other));

    assertEquals(Optional.of(task), tasks.find(task.userId(), task.id()));
  }

  private WriteResult delete(Precondition precondition) {
    return deleteTask.delete(task.userId(), task.id(), precondition);
  }
}
