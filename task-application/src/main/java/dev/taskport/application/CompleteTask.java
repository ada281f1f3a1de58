package dev.taskport.application;

import dev.taskport.domain.Precondition;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.async.AsyncTaskRepository;
import java.time.Clock;
import java.util.concurrent.CompletionStage;

/** Marks a task as done or not done. Safe for use by many threads, and keeps none waiting. */
public final class CompleteTask {
  private final AsyncTaskRepository tasks;
  private final Clock clock;

  /** With the store to use, and the clock for the time of a change. */
  public CompleteTask(AsyncTaskRepository tasks, Clock clock) {
    this.tasks = tasks;
    this.clock = clock;
  }

  /**
   * Sets or toggles {@code completed} if the precondition holds. Setting can be repeated safely; a
   * toggle can't. Concurrent toggles are never lost.
   */
  public CompletionStage<WriteResult> complete(
      UserId user, TaskId id, TaskChange.Completion completion, Precondition precondition) {
    return tasks.change(user, id, completion, precondition, clock.instant());
  }
}
