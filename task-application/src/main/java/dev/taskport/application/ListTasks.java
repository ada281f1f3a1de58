package dev.taskport.application;

import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.TaskChangeLog;

/** Lists a user's tasks, a page at a time. Safe for use by many threads. */
public final class ListTasks {
  private final TaskChangeLog log;

  /** With the store to use: it tells how far its log has come together with each page. */
  public ListTasks(TaskChangeLog log) {
    this.log = log;
  }

  /** Returns the requested page, and the position after which the next page begins. */
  public TaskPage list(UserId user, TaskQuery query) {
    return TaskPage.of(log.listMarked(user, TaskPage.withOneMore(query)), query);
  }
}
