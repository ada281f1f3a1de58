package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.database.Statements.ArrayOf;
import dev.taskport.domain.UserId;
import java.util.List;
import java.util.stream.Stream;

/**
 * The beginning of a statement that writes tasks of several users. A trigger draws the number of
 * each change under the lock of the user's row in {@code change_logs}. Two such statements that
 * locked these rows one by one, in different orders, would wait for each other.
 */
final class LockedLogs {
  /**
   * The table {@code logs} has the users whose logs nobody else holds; this statement holds them
   * until it commits. The tasks of the others, and of users without a log, are for a statement of
   * their own. So the statement waits for no log. It may still wait for other things, such as a key
   * that is being used, but not long: else one operation would hold up all others.
   */
  static final String LOGS =
      """
      WITH setting AS MATERIALIZED (
        SELECT set_config('lock_timeout', '100ms', true)
      ), logs AS MATERIALIZED (
        SELECT log.user_id
        FROM setting CROSS JOIN unnest(%s) AS asking (user_id)
        CROSS JOIN LATERAL (
          SELECT user_id FROM change_logs WHERE user_id = asking.user_id
          FOR NO KEY UPDATE SKIP LOCKED LIMIT 1
        ) AS log
      )
      """
          .formatted(Columns.array("text"));

  private LockedLogs() {}

  /** The type of the parameter of {@link #LOGS}, and then the others. */
  static List<String> and(List<String> types) {
    return Stream.concat(Stream.of("text[]"), types.stream()).toList();
  }

  /** The parameter of {@link #LOGS}. */
  static ArrayOf of(Stream<UserId> users) {
    List<String> names = users.map(UserId::value).distinct().toList();
    return new ArrayOf("text", names);
  }
}
