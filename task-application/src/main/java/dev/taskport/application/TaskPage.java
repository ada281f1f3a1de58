package dev.taskport.application;

import dev.taskport.domain.Position;
import dev.taskport.domain.Task;
import dev.taskport.domain.changelog.LogMark;
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
}
