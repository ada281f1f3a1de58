package dev.taskport.adapter.postgres;

/**
 * The beginning of a statement that writes tasks of several users. A trigger draws the number of
 * each change under the lock of the user's row in {@code change_logs}. Two such statements that
 * locked these rows one by one, in different orders, would wait for each other.
 */
final class LockedLogs {
  private LockedLogs() {}

  /**
   * The operations whose user's log nobody else holds, as the table {@code asked}. The statement
   * holds these logs until it commits. The other operations, and those of users without a log, are
   * for a statement of their own. So the statement waits for no log. It may still wait for other
   * things, such as a key that is being used, but not long: else one operation would hold up all
   * others.
   *
   * @param columns the values of the operations; their arrays are the parameters
   * @param user the column that has the user
   */
  // Sorted by what the lock returns, so that all logs are locked before the first task is written.
  // A log that the statement has changed itself would be skipped.
  static String asked(Columns columns, String user) {
    return """
        (SELECT asked.*
          FROM (SELECT set_config('lock_timeout', '100ms', true)) AS setting
          CROSS JOIN %s
          CROSS JOIN LATERAL (
            SELECT user_id FROM change_logs WHERE user_id = asked.%s
            FOR NO KEY UPDATE SKIP LOCKED LIMIT 1
          ) AS log
          ORDER BY log.user_id COLLATE "C"
        ) AS asked
        """
        .formatted(columns.asked(), user);
  }
}
