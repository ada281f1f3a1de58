package dev.taskport.application;

import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.someId;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.Task;
import dev.taskport.domain.TaskRepository;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GetTaskTest {
  private final TaskRepository tasks = new InMemoryTaskRepository();
  private final GetTask getTask = new GetTask(tasks);

  @Test
  void aUserGetsTheirOwnTaskAndNobodyElses() {
    Task task = aTask().storedIn(tasks);

    assertEquals(Optional.of(task), getTask.get(task.userId(), task.id()));
    assertEquals(Optional.empty(), getTask.get(someUser(), task.id()));
    assertEquals(Optional.empty(), getTask.get(task.userId(), someId()));
  }
}
