package dev.taskport.domain.changelog;

import java.util.List;
import java.util.function.Function;

/** The result of reading a change log. */
public sealed interface LogReading {

  /** Applies the function for this kind of result, and returns what it returns. */
  <R> R match(Function<Page, R> page, Function<StartOver, R> startOver);

  /**
   * What comes after the point.
   *
   * @param entries in the order of their numbers, at most one for each task
   * @param next where to read on: not before the point of the last entry
   * @param more whether there were more entries when this page was read; if so, it has at least one
   */
  record Page(List<LogEntry> entries, SyncPoint next, boolean more) implements LogReading {
    /** Copies the list. */
    public Page {
      entries = List.copyOf(entries);
    }

    @Override
    public <R> R match(Function<Page, R> page, Function<StartOver, R> startOver) {
      return page.apply(this);
    }
  }

  /**
   * The log can't be read on from the point, because the store has forgotten deletions after it, or
   * never had a change with its number. The follower drops the copy and reads from the beginning.
   */
  record StartOver() implements LogReading {
    @Override
    public <R> R match(Function<Page, R> page, Function<StartOver, R> startOver) {
      return startOver.apply(this);
    }
  }
}
