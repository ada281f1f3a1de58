package dev.taskport.application;

import dev.taskport.domain.Task;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.TaskTrash;
import java.time.Clock;
import java.util.Optional;

/** Brings a deleted task back. Safe for use by many threads. */
public final class RestoreTask {
  private final TaskTrash trash;
  private final Clock clock;

  /** With the store to use, and the clock for the time of the restoration. */
  public RestoreTask(TaskTrash trash, Clock clock) {
    this.trash = trash;
    this.clock = clock;
  }

  /** Returns the task; empty if there is no deleted task with this id that can be restored. */
  public Optional<Task> restore(UserId user, TaskId id) {
    return trash.restore(user, id, clock.instant());
  }
}
