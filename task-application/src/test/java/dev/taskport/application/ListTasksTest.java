package dev.taskport.application;

import static dev.taskport.testkit.SampleTasks.aCompletedTask;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.Task;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListTasksTest {
  private final TaskRepository tasks = new InMemoryTaskRepository();
  private final ListTasks listTasks = new ListTasks(tasks);

  @Test
  void aUserSeesAllOfTheirOwnTasksNewestFirst() {
    UserId user = someUser();
    Task older = aTask().of(user).build();
    Task newer = aTask().of(user).createdAfter(Duration.ofSeconds(1)).build();
    Task oldestOfAll = aCompletedTask().of(user).createdAfter(Duration.ofSeconds(-1)).build();
    Task somebodyElses = aTask().build();
    for (Task task : List.of(older, newer, oldestOfAll, somebodyElses)) {
      tasks.create(task.userId(), task, null);
    }

    assertEquals(List.of(newer, older, oldestOfAll), listTasks.list(user));
  }

  @Test
  void aUserWithoutTasksSeesAnEmptyList() {
    assertEquals(List.of(), listTasks.list(someUser()));
  }
}
