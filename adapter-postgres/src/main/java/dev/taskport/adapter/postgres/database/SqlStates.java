package dev.taskport.adapter.postgres.database;

import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/** How PostgreSQL's SQLSTATE codes (appendix A of its manual) are treated. */
public final class SqlStates {
  public static final String UNIQUE_VIOLATION = "23505";
  static final String READ_ONLY = "25006";
  static final String CANCELLED = "57014";
  private static final String DISK_FULL = "53100";

  /** The transaction was rolled back because of others, and is right to be repeated. */
  private static final List<String> CONFLICT =
      List.of(
          "40001", // serialization failure
          "40P01"); // deadlock

  private static final List<String> CONNECTION_FAILURE =
      List.of(
          "08", // connection lost, refused, timed out
          "57P"); // shutting down, starting up

  private static final List<String> BUSY =
      List.of(
          "40", // serialization failure, deadlock
          "53", // too many connections, out of memory
          CANCELLED, // the statement took too long
          "55P03"); // a lock was not available in time

  private static final List<String> REFUSED_LOGIN =
      List.of(
          "28", // wrong password, or no access
          "3D000"); // no such database

  private static final List<String> UNAVAILABLE =
      List.of(
          "08", // connection lost, refused, timed out
          "53", // too many connections, out of memory, disk full
          "57P", // shutting down, starting up
          CANCELLED, // the statement took too long
          "55P03", // a lock was not available in time
          "40", // serialization failure, deadlock
          READ_ONLY, // read-only: a replica, or a primary that became one
          "58"); // the server's system or files failed

  private static final String PROTOCOL_VIOLATION = "08P01";

  private static final List<String> MISMATCH =
      List.of(
          "26000", // a prepared statement with that name doesn't exist
          "42P05"); // a prepared statement with that name exists already

  private SqlStates() {}

  /** Whether the same statement may succeed later. */
  static boolean meansUnavailable(@Nullable String state) {
    return isIn(UNAVAILABLE, state);
  }

  /** Whether the statement was rolled back because of concurrent ones. */
  static boolean meansConflict(@Nullable String state) {
    return isIn(CONFLICT, state);
  }

  /** Whether the connection is lost. What it was used for may have been carried out. */
  static boolean meansLostConnection(@Nullable String state) {
    return isIn(CONNECTION_FAILURE, state);
  }

  /** Whether the server answers, but can't carry out the statement now. */
  static boolean meansBusy(@Nullable String state) {
    return isIn(BUSY, state);
  }

  /** Whether the server knows the role, its password or the database differently. */
  static boolean meansRefusedLogin(@Nullable String state) {
    return isIn(REFUSED_LOGIN, state);
  }

  private static boolean isIn(List<String> prefixes, @Nullable String state) {
    return state != null && prefixes.stream().anyMatch(state::startsWith);
  }

  /** Whether the server had no space for a write. */
  static boolean meansFullDisk(@Nullable String state) {
    return DISK_FULL.equals(state);
  }

  /**
   * Whether a pooler mixed up the prepared statements of several connections, so that the server
   * used the wrong one or found none.
   */
  static boolean meansMismatch(SQLException failure) {
    String state = failure.getSQLState();
    if (!PROTOCOL_VIOLATION.equals(state)) {
      return state != null && MISMATCH.contains(state);
    }
    ServerErrorMessage answer =
        failure instanceof PSQLException psql ? psql.getServerErrorMessage() : null;
    // PgBouncer reports all its own errors with this state, above all an outage of the server.
    // Those have the severity FATAL, and are always in English.
    return answer != null
        && (!"FATAL".equals(answer.getSeverity())
            || String.valueOf(answer.getMessage()).contains("prepared statement"));
  }

  /**
   * Whether the warning says that a change was committed without waiting for the confirmation of a
   * synchronous standby. All warnings have the same SQLSTATE, and the text may be in any language.
   */
  static boolean meansUnconfirmed(SQLWarning warning) {
    return warning instanceof PSQLWarning psql && meansUnconfirmed(psql.getServerErrorMessage());
  }

  /** As {@link #meansUnconfirmed(SQLWarning)}, for the server's words. */
  public static boolean meansUnconfirmed(@Nullable ServerErrorMessage words) {
    return words != null
        && ("SyncRepWaitForLSN".equals(words.getRoutine())
            || String.valueOf(words.getMessage()).contains("synchronous replication"));
  }
}
