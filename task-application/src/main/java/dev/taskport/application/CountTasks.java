package dev.taskport.application;

import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;

/** Counts a user's tasks. The cost grows with their number. Safe for use by many threads. */
public final class CountTasks {
  private final TaskRepository tasks;

  /** With the store to use. */
  public CountTasks(TaskRepository tasks) {
    this.tasks = tasks;
  }

  /** Counts the tasks that match the filter. */
  public long count(UserId user, TaskFilter filter) {
    return tasks.count(user, filter);
  }
}
