package dev.taskport.adapter.rest.list;

import dev.taskport.application.TaskPage;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.Task;
import java.util.List;
import java.util.function.Function;

/**
 * The body of a list, of which the first page has been read.
 *
 * @param first its beginning; all of it when this page has no end
 * @param reader reads what comes after a page
 */
record TaskArray(TaskPage first, Function<PageStart, TaskPage> reader) {
  private static final TaskPage NOTHING = new TaskPage(List.of(), null);

  /** These and no more. */
  static TaskArray of(List<Task> tasks) {
    return new TaskArray(new TaskPage(tasks, null), start -> NOTHING);
  }

  /** As long as it takes to see how the list would be sent: for HEAD. */
  TaskArray withoutRest() {
    return new TaskArray(first, start -> NOTHING);
  }
}
