package dev.taskport.application;

import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.DeletedTask;
import dev.taskport.domain.changelog.TaskTrash;
import java.util.List;

/** Lists the deleted tasks that can be restored, a page at a time. Safe for use by many threads. */
public final class ListDeletedTasks {
  private final TaskTrash trash;

  /** With the store to use. */
  public ListDeletedTasks(TaskTrash trash) {
    this.trash = trash;
  }

  /**
   * Returns a page, the newest deletion first.
   *
   * @param before only deletions with a lower number; {@link TaskTrash#NEWEST} for the first page
   * @param limit the most tasks to return, at least 1
   */
  public List<DeletedTask> list(UserId user, long before, int limit) {
    return trash.listDeleted(user, before, limit);
  }
}
