package dev.taskport.application;

import dev.taskport.domain.Precondition;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;

/** Deletes a task. Safe for use by many threads. */
public final class DeleteTask {
  private final TaskRepository tasks;

  /** With the store to use. */
  public DeleteTask(TaskRepository tasks) {
    this.tasks = tasks;
  }

  /** Deletes the task if the precondition holds. Of several concurrent calls, only one finds it. */
  public WriteResult delete(UserId user, TaskId id, Precondition precondition) {
    return tasks.delete(user, id, precondition);
  }
}
