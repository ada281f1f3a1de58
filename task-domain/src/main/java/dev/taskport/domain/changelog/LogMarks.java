package dev.taskport.domain.changelog;

import dev.taskport.domain.UserId;
import java.util.Map;
import java.util.Set;

/**
 * The port that asks for the marks of many users at once, so that a service with many listeners
 * asks its store once. It reads nothing but marks. Implementations are safe for use by many
 * threads.
 */
public interface LogMarks {

  /**
   * How far the logs of these users have come. Each is the same as {@link TaskChangeLog#mark}, or
   * newer.
   *
   * @return a mark for each of the users
   * @throws dev.taskport.domain.StoreUnavailableException when the store can't answer now
   */
  Map<UserId, LogMark> marks(Set<UserId> users);
}
