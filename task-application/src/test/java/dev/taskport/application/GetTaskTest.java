package dev.taskport.application;

import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.someId;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.Task;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import dev.taskport.domain.async.ThreadedTaskRepository;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GetTaskTest {
  private final InMemoryTaskRepository tasks = new InMemoryTaskRepository();
  private final GetTask getTask =
      new GetTask(new ThreadedTaskRepository(Runnable::run, tasks, tasks));

  @Test
  void aUserGetsTheirOwnTaskAndNobodyElses() {
    Task task = aTask().storedIn(tasks);

    assertEquals(Optional.of(task), found(task.userId(), task.id()));
    assertEquals(Optional.empty(), found(someUser(), task.id()));
    assertEquals(Optional.empty(), found(task.userId(), someId()));
  }

  private Optional<Task> found(UserId user, TaskId id) {
    return getTask.get(user, id).toCompletableFuture().join();
  }
}
