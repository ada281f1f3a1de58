package dev.taskport.application;

import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;

/** Counts a user's tasks, at a cost that grows with them. Safe for use by many threads. */
public final class CountTasks {
  private final TaskRepository tasks;

  /** On this store. */
  public CountTasks(TaskRepository tasks) {
    this.tasks = tasks;
  }

  /** Counts those that the filter lets through. */
  public long count(UserId user, TaskFilter filter) {
    return tasks.count(user, filter);
  }
}
