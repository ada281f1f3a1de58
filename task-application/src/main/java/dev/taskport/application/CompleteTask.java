package dev.taskport.application;

import dev.taskport.domain.Precondition;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import java.time.Clock;

/** Marks a task as done or not done. Safe for use by many threads. */
public final class CompleteTask {
  private final TaskRepository tasks;
  private final Clock clock;

  /** With the store to use, and the clock for the time of a change. */
  public CompleteTask(TaskRepository tasks, Clock clock) {
    this.tasks = tasks;
    this.clock = clock;
  }

  /**
   * Sets or toggles {@code completed} if the precondition holds. Setting can be repeated safely; a
   * toggle can't. Concurrent toggles are never lost.
   */
  public WriteResult complete(
      UserId user, TaskId id, TaskChange.Completion completion, Precondition precondition) {
    return tasks.change(user, id, completion, precondition, clock.instant());
  }
}
