package dev.taskport.application;

import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.TaskSummary;
import dev.taskport.domain.UserId;

/** Tells how many tasks a user has, and how many are done. Safe for use by many threads. */
public final class SummarizeTasks {
  private final TaskRepository tasks;

  /** On this store. */
  public SummarizeTasks(TaskRepository tasks) {
    this.tasks = tasks;
  }

  /** Counts both kinds at one moment. */
  public TaskSummary summarize(UserId user) {
    return tasks.summarize(user);
  }
}
