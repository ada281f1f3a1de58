package dev.taskport.application;

import dev.taskport.domain.Task;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.MarkedTasks;
import dev.taskport.domain.changelog.TaskChangeLog;
import java.util.List;

/** Lists a user's tasks, a page at a time. Safe for use by many threads. */
public final class ListTasks {
  private final TaskChangeLog log;

  /** With the store to use: it tells how far its log has come together with each page. */
  public ListTasks(TaskChangeLog log) {
    this.log = log;
  }

  /** Returns the requested page, and the position after which the next page begins. */
  public TaskPage list(UserId user, TaskQuery query) {
    // One more than requested, to know whether there is a next page.
    int oneMore = query.limit() == Integer.MAX_VALUE ? Integer.MAX_VALUE : query.limit() + 1;
    MarkedTasks marked = log.listMarked(user, query.withLimit(oneMore));
    List<Task> found = marked.tasks();
    if (found.size() <= query.limit()) {
      return new TaskPage(found, null, marked.mark());
    }
    List<Task> page = found.subList(0, query.limit());
    Task last = page.get(page.size() - 1);
    return new TaskPage(page, query.order().positionOf(last), marked.mark());
  }
}
