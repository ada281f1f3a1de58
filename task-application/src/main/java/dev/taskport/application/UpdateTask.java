package dev.taskport.application;

import dev.taskport.domain.Precondition;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import java.time.Clock;

/** Changes some fields of a task. Safe for use by many threads. */
public final class UpdateTask {
  private final TaskRepository tasks;
  private final Clock clock;

  /** With the store to use, and the clock for the time of a change. */
  public UpdateTask(TaskRepository tasks, Clock clock) {
    this.tasks = tasks;
    this.clock = clock;
  }

  /** Carries out the edit if the precondition holds. */
  public WriteResult update(
      UserId user, TaskId id, TaskChange.Edit edit, Precondition precondition) {
    return tasks.change(user, id, edit, precondition, clock.instant());
  }
}
