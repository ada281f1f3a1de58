package dev.taskport.application;

import dev.taskport.domain.Task;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import java.util.List;

/** Lists a user's tasks. Safe for use by many threads. */
public final class ListTasks {
  private final TaskRepository tasks;

  /** On this store. */
  public ListTasks(TaskRepository tasks) {
    this.tasks = tasks;
  }

  /** All of them, newest first. */
  public List<Task> list(UserId user) {
    return tasks.list(user);
  }
}
