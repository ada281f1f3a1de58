package dev.taskport.application;

import dev.taskport.domain.Precondition;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.async.AsyncTaskRepository;
import java.util.concurrent.CompletionStage;

/** Deletes a task. Safe for use by many threads, and keeps none waiting. */
public final class DeleteTask {
  private final AsyncTaskRepository tasks;

  /** With the store to use. */
  public DeleteTask(AsyncTaskRepository tasks) {
    this.tasks = tasks;
  }

  /** Deletes the task if the precondition holds. Of several concurrent calls, only one finds it. */
  public CompletionStage<WriteResult> delete(UserId user, TaskId id, Precondition precondition) {
    return tasks.delete(user, id, precondition);
  }
}
