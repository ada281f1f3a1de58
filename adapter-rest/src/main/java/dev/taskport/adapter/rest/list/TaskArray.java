package dev.taskport.adapter.rest.list;

import dev.taskport.application.TaskPage;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.changelog.LogMark;
import java.util.List;
import java.util.function.Function;

/**
 * The body of a list. Its first page is already read.
 *
 * @param first the first page; the whole list if there is no next page
 * @param reader reads the page at a start
 */
record TaskArray(TaskPage first, Function<PageStart, TaskPage> reader) {
  private static final TaskPage NOTHING = new TaskPage(List.of(), null, LogMark.NONE);

  /** A list that holds only the tasks of this page. */
  static TaskArray of(TaskPage page) {
    return new TaskArray(new TaskPage(page.tasks(), null, page.mark()), start -> NOTHING);
  }

  /** Enough tasks to decide how a GET would send the list: for HEAD. */
  TaskArray withoutRest() {
    return new TaskArray(first, start -> NOTHING);
  }
}
