package dev.taskport.adapter.postgres.migration.lock;

import java.io.IOException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/**
 * The schema could not be migrated. The message is one line, says what to do, and contains no
 * secret. Completed steps stay valid: the next {@code Migrations.migrate()} continues from there.
 */
public final class MigrationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final List<String> AWAY =
      List.of(
          "08", // connection lost, refused, timed out
          "53300", // too many connections
          "57P"); // shutting down, starting up

  /** The server and the URL don't agree: on TLS, or the way to log in. */
  private static final String REJECTED = "08004";

  public MigrationException(String message) {
    super(message);
  }

  private MigrationException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Whether there was no connection to the database. */
  public boolean isUnreachable() {
    SQLException sql = sqlCause(this);
    return sql != null && isConnectionFailure(sql);
  }

  /**
   * Whether the database may be there later, and the migration succeed then: it could not be
   * reached, was lost on the way, is starting or stopping, or has no connection left.
   */
  public boolean isAway() {
    SQLException sql = sqlCause(this);
    String state = sql == null ? "" : String.valueOf(sql.getSQLState());
    return AWAY.stream().anyMatch(state::startsWith) && !REJECTED.equals(state);
  }

  /** Whether the name of the database's host is unknown, mostly because of a typing error. */
  public boolean isUnknownHost() {
    SQLException sql = sqlCause(this);
    return sql != null && sql.getCause() instanceof UnknownHostException;
  }

  /**
   * An exception for {@code doing} that failed, in one line; with the database's message if there
   * is one.
   */
  public static MigrationException of(String doing, Throwable failure) {
    SQLException sql = sqlCause(failure);
    String words = sql == null ? failure.getMessage() : words(sql);
    String what = sql != null && isConnectionFailure(sql) ? "no connection" : doing;
    return new MigrationException(
        what + ": " + oneLine(words == null ? failure.toString() : words), failure);
  }

  /** Whether the failure is a lock timeout or a deadlock. */
  static boolean isLocked(Throwable failure) {
    SQLException sql = sqlCause(failure);
    return sql != null && ("55P03".equals(sql.getSQLState()) || "40P01".equals(sql.getSQLState()));
  }

  private static @Nullable String words(SQLException failure) {
    // Only the server's primary message: its detail may quote data of a row.
    if (failure instanceof PSQLException answer && answer.getServerErrorMessage() != null) {
      return answer.getServerErrorMessage().getMessage();
    }
    // The driver's message, such as "The connection attempt failed.", doesn't say why.
    Throwable cause = failure.getCause();
    if (cause instanceof UnknownHostException) {
      return "unknown host " + cause.getMessage();
    }
    return cause instanceof IOException ? cause.getMessage() : failure.getMessage();
  }

  /** Class 08 of the SQLSTATE codes. */
  private static boolean isConnectionFailure(SQLException failure) {
    return String.valueOf(failure.getSQLState()).startsWith("08");
  }

  private static @Nullable SQLException sqlCause(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PSQLException sql) {
        return sql;
      }
    }
    return failure instanceof SQLException sql ? sql : null;
  }

  private static String oneLine(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .limit(5)
        .collect(Collectors.joining(" "));
  }
}
