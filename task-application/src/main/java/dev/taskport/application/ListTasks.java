package dev.taskport.application;

import dev.taskport.domain.Task;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import java.util.List;

/** Lists a user's tasks, a page at a time. Safe for use by many threads. */
public final class ListTasks {
  private final TaskRepository tasks;

  /** With the store to use. */
  public ListTasks(TaskRepository tasks) {
    this.tasks = tasks;
  }

  /** Returns the requested page, and the position after which the next page begins. */
  public TaskPage list(UserId user, TaskQuery query) {
    // Reads one task more than requested, to know whether there is a next page; at most the
    // greatest
    // int.
    int oneMore = query.limit() == Integer.MAX_VALUE ? Integer.MAX_VALUE : query.limit() + 1;
    List<Task> found = tasks.list(user, query.withLimit(oneMore));
    if (found.size() <= query.limit()) {
      return new TaskPage(found, null);
    }
    List<Task> page = found.subList(0, query.limit());
    Task last = page.get(page.size() - 1);
    return new TaskPage(page, query.order().positionOf(last));
  }
}
