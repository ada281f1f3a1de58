package dev.taskport.application;

import dev.taskport.domain.Precondition;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.changelog.TaskTrash;

/** Deletes a task without the possibility to restore it. Safe for use by many threads. */
public final class DeleteTaskPermanently {
  private final TaskTrash trash;

  /** With the store to use. */
  public DeleteTaskPermanently(TaskTrash trash) {
    this.trash = trash;
  }

  /** Deletes the task, or the content of one that was deleted, if the precondition holds. */
  public WriteResult delete(UserId user, TaskId id, Precondition precondition) {
    return trash.deletePermanently(user, id, precondition);
  }
}
