package dev.taskport.application;

import dev.taskport.domain.Precondition;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import java.time.Clock;

/** Gives some fields of a task new values. Safe for use by many threads. */
public final class UpdateTask {
  private final TaskRepository tasks;
  private final Clock clock;

  /** On this store, at the time of this clock. */
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
