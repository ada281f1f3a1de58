package dev.taskport.domain.changelog;

import dev.taskport.domain.Task;
import java.util.List;

/**
 * A page of tasks.
 *
 * @param tasks in the order of the query
 * @param mark how far the log had come: the tasks show all changes up to it, and maybe later ones
 */
public record MarkedTasks(List<Task> tasks, LogMark mark) {
  /** Copies the list. */
  public MarkedTasks {
    tasks = List.copyOf(tasks);
  }
}
