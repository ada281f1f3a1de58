package dev.taskport.adapter.rest.list;

import dev.taskport.application.TaskPage;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.Position;
import dev.taskport.domain.Task;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The body of a list: either as a whole, in JSON, or its first page and where the others are. */
final class TaskArray {
  private byte @Nullable [] whole;
  private @Nullable TaskPage first;
  private final @Nullable Reader reader;

  /** Reads the pages behind the first. */
  interface Reader {
    /** The page of at most this many tasks at a start. */
    TaskPage read(PageStart start, int limit);

    /** The position of a task in this list. */
    Position positionOf(Task task);
  }

  /** A list that is made already. */
  TaskArray(byte[] whole) {
    this.whole = whole;
    this.reader = null;
  }

  /**
   * @param first the first page, which has an end
   */
  TaskArray(TaskPage first, Reader reader) {
    this.first = first;
    this.reader = reader;
  }

  /** Enough of a list to decide how a GET would send it: for HEAD. */
  static TaskArray withoutRest(TaskPage first, Reader reader) {
    return new TaskArray(
        first,
        new Reader() {
          @Override
          public TaskPage read(PageStart start, int limit) {
            return new TaskPage(List.of(), null, first.mark());
          }

          @Override
          public Position positionOf(Task task) {
            return reader.positionOf(task);
          }
        });
  }

  /** The whole list, once; null if it has more than a page. */
  byte @Nullable [] takeWhole() {
    byte[] json = whole;
    whole = null;
    return json;
  }

  /** The first page, once: the response refers to this object until it is sent. */
  TaskPage takeFirst() {
    TaskPage page = Objects.requireNonNull(first, "The first page is taken already");
    first = null;
    return page;
  }

  Reader reader() {
    return Objects.requireNonNull(reader, "There is nothing behind the first page");
  }
}
