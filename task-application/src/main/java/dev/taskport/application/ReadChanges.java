package dev.taskport.application;

import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.LogReading;
import dev.taskport.domain.changelog.SyncPoint;
import dev.taskport.domain.changelog.TaskChangeLog;
import org.jspecify.annotations.Nullable;

/** Tells what changed in a user's tasks, a page at a time. Safe for use by many threads. */
public final class ReadChanges {
  private final TaskChangeLog log;

  /** With the log to read. */
  public ReadChanges(TaskChangeLog log) {
    this.log = log;
  }

  /**
   * Returns what changed after a point, the oldest change first.
   *
   * @param since where to read on; {@code null} reads from the beginning
   * @param limit the most entries to return, at least 1
   */
  public LogReading read(UserId user, @Nullable SyncPoint since, int limit) {
    return log.read(user, since, limit);
  }
}
