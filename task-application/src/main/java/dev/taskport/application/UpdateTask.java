package dev.taskport.application;

import dev.taskport.domain.Precondition;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.async.AsyncTaskRepository;
import java.time.Clock;
import java.util.concurrent.CompletionStage;

/** Changes some fields of a task. Safe for use by many threads, and keeps none waiting. */
public final class UpdateTask {
  private final AsyncTaskRepository tasks;
  private final Clock clock;

  /** With the store to use, and the clock for the time of a change. */
  public UpdateTask(AsyncTaskRepository tasks, Clock clock) {
    this.tasks = tasks;
    this.clock = clock;
  }

  /** Carries out the edit if the precondition holds. */
  public CompletionStage<WriteResult> update(
      UserId user, TaskId id, TaskChange.Edit edit, Precondition precondition) {
    return tasks.change(user, id, edit, precondition, clock.instant());
  }
}
