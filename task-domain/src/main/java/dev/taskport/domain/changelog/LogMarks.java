package dev.taskport.domain.changelog;

import dev.taskport.domain.UserId;
import java.util.Map;
import java.util.Set;

/**
 * The port that asks for the marks of many users at once, so that a service with many listeners
 * asks its store once. It tells nothing but marks. Implementations are safe for use by many
 * threads.
 */
public interface LogMarks {

  /**
   * How far the logs of these users have come, as {@link TaskChangeLog#mark} tells it for each.
   *
   * @return a mark for each of the users, and for nobody else
   * @throws dev.taskport.domain.StoreUnavailableException when the store can't answer now
   */
  Map<UserId, LogMark> marks(Set<UserId> users);
}
