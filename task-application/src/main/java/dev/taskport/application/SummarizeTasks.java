package dev.taskport.application;

import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.TaskSummary;
import dev.taskport.domain.UserId;

/** Counts a user's completed and pending tasks. Safe for use by many threads. */
public final class SummarizeTasks {
  private final TaskRepository tasks;

  /** With the store to use. */
  public SummarizeTasks(TaskRepository tasks) {
    this.tasks = tasks;
  }

  /** Counts both in one consistent read. */
  public TaskSummary summarize(UserId user) {
    return tasks.summarize(user);
  }
}
