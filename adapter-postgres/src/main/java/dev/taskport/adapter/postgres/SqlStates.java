package dev.taskport.adapter.postgres;

import io.micronaut.data.exceptions.DataAccessException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/** What the SQLSTATE codes of PostgreSQL (its manual's appendix A) mean to us. */
final class SqlStates {
  static final String UNIQUE_VIOLATION = "23505";
  static final String READ_ONLY = "25006";
  private static final String DISK_FULL = "53100";

  private static final List<String> UNAVAILABLE =
      List.of(
          "08", // connection lost, refused, timed out
          "53", // too many connections, out of memory, disk full
          "57P", // shutting down, starting up
          "57014", // cancelled: the statement took too long
          "55P03", // a lock was not to be had in time
          "40", // serialization failure, deadlock
          READ_ONLY, // read-only: a replica, or a primary that became one
          "58"); // the server's system or files fail

  private static final String PROTOCOL_VIOLATION = "08P01";

  private static final List<String> MISMATCH =
      List.of(
          "26000", // no prepared statement of that name
          "42P05"); // there is one already

  private SqlStates() {}

  /** The state that the driver reported, if it did. */
  static @Nullable String of(DataAccessException failure) {
    return failure.getCause() instanceof SQLException cause ? cause.getSQLState() : null;
  }

  /** Whether the same statement may well succeed later. */
  static boolean meansUnavailable(@Nullable String state) {
    return state != null && UNAVAILABLE.stream().anyMatch(state::startsWith);
  }

  /** Whether the server found no room for what it had to write. */
  static boolean meansFullDisk(@Nullable String state) {
    return DISK_FULL.equals(state);
  }

  /**
   * Whether the server met another prepared statement than the one that was meant: a pooler mixes
   * up those of several connections.
   */
  static boolean meansMismatch(SQLException failure) {
    String state = failure.getSQLState();
    if (!PROTOCOL_VIOLATION.equals(state)) {
      return state != null && MISMATCH.contains(state);
    }
    ServerErrorMessage answer =
        failure instanceof PSQLException psql ? psql.getServerErrorMessage() : null;
    // PgBouncer gives everything that it has to say itself this state, an outage of the server
    // first of all; it says FATAL then, and always in English.
    return answer != null
        && (!"FATAL".equals(answer.getSeverity())
            || String.valueOf(answer.getMessage()).contains("prepared statement"));
  }

  /**
   * Whether the warning says that a change was committed, but that the standby which had to confirm
   * it was not waited for. Its state is that of any warning, and its text may be in any language.
   */
  static boolean meansUnconfirmed(SQLWarning warning) {
    ServerErrorMessage words =
        warning instanceof PSQLWarning psql ? psql.getServerErrorMessage() : null;
    return words != null
        && ("SyncRepWaitForLSN".equals(words.getRoutine())
            || String.valueOf(words.getMessage()).contains("synchronous replication"));
  }
}
