package dev.taskport.application;

import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.DeletedTask;
import dev.taskport.domain.changelog.TaskTrash;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListDeletedTasksTest {
  private final InMemoryTaskRepository tasks = new InMemoryTaskRepository();
  private final ListDeletedTasks listDeletedTasks = new ListDeletedTasks(tasks);
  private final UserId user = someUser();

  @Test
  void theNewestDeletionComesFirstAPageAtATime() {
    Task first = deleted();
    Task second = deleted();
    Task third = deleted();

    List<DeletedTask> page = listDeletedTasks.list(user, TaskTrash.NEWEST, 2);
    assertEquals(List.of(third, second), page.stream().map(DeletedTask::task).toList());
    assertEquals(
        List.of(first),
        listDeletedTasks.list(user, page.get(1).number(), 2).stream()
            .map(DeletedTask::task)
            .toList());
  }

  @Test
  void nobodySeesAnotherUsersDeletedTasks() {
    deleted();

    assertEquals(List.of(), listDeletedTasks.list(someUser(), TaskTrash.NEWEST, 2));
  }

  private Task deleted() {
    Task task = aTask().of(user).storedIn(tasks);
    tasks.delete(user, task.id(), Precondition.NONE);
    return task;
  }
}
