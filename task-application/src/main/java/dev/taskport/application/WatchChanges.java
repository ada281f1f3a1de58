package dev.taskport.application;

import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.LogMark;
import dev.taskport.domain.changelog.LogMarks;
import java.util.Map;
import java.util.Set;

/** Tells how far the change logs of many users have come. Safe for use by many threads. */
public final class WatchChanges {
  private final LogMarks marks;

  /** With the store to ask. */
  public WatchChanges(LogMarks marks) {
    this.marks = marks;
  }

  /** Returns a mark for each of the users, in one call of the store; none for no users. */
  public Map<UserId, LogMark> marks(Set<UserId> users) {
    return users.isEmpty() ? Map.of() : marks.marks(users);
  }
}
