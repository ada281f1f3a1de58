package dev.taskport.application;

import dev.taskport.domain.Position;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.changelog.LogMark;
import dev.taskport.domain.changelog.MarkedTasks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list of tasks.
 *
 * @param tasks in the list's order
 * @param end the position of the last one, after which the next page begins; null when there are no
 *     more
 * @param mark how far the user's log had come: the tasks contain all changes up to it
 */
public record TaskPage(List<Task> tasks, @Nullable Position end, LogMark mark) {
  /** Copies the list. */
  public TaskPage {
    tasks = List.copyOf(tasks);
  }

  /** The query for one task more than requested, to know whether there is a next page. */
  static TaskQuery withOneMore(TaskQuery query) {
    return query.limit() == Integer.MAX_VALUE ? query : query.withLimit(query.limit() + 1);
  }

  /** The page that was requested, of what was found with one more. */
  static TaskPage of(MarkedTasks found, TaskQuery query) {
    List<Task> tasks = found.tasks();
    if (tasks.size() <= query.limit()) {
      return new TaskPage(tasks, null, found.mark());
    }
    List<Task> page = tasks.subList(0, query.limit());
    Task last = page.get(page.size() - 1);
    return new TaskPage(page, query.order().positionOf(last), found.mark());
  }
}
