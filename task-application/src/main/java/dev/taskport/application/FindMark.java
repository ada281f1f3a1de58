package dev.taskport.application;

import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.LogMark;
import dev.taskport.domain.changelog.TaskChangeLog;

/** Tells whether any of a user's tasks was changed. Safe for use by many threads. */
public final class FindMark {
  private final TaskChangeLog log;

  /** With the log to read. */
  public FindMark(TaskChangeLog log) {
    this.log = log;
  }

  /** Returns a mark that differs from an earlier one if a task was changed between them. */
  public LogMark find(UserId user) {
    return log.mark(user);
  }
}
