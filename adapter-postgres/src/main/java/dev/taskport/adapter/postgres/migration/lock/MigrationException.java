package dev.taskport.adapter.postgres.migration.lock;

import dev.taskport.adapter.postgres.migration.Migrations;
import java.io.IOException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/**
 * The schema could not be brought up to date. The message is one line, says what to do, and holds
 * no secret. What was done before the failure stays valid: the next {@link Migrations#migrate()}
 * goes on from there.
 */
public final class MigrationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

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

  /** What {@code doing} failed with, in one line: the database's own words where it gave any. */
  public static MigrationException of(String doing, Throwable failure) {
    SQLException sql = sqlCause(failure);
    String words = sql == null ? failure.getMessage() : words(sql);
    String what = sql != null && isConnectionFailure(sql) ? "no connection" : doing;
    return new MigrationException(
        what + ": " + oneLine(words == null ? failure.toString() : words), failure);
  }

  /** Whether the failure is a lock that was not to be had in time, or a deadlock. */
  static boolean isLocked(Throwable failure) {
    SQLException sql = sqlCause(failure);
    return sql != null && ("55P03".equals(sql.getSQLState()) || "40P01".equals(sql.getSQLState()));
  }

  private static @Nullable String words(SQLException failure) {
    // The server's primary message only: its detail may quote what stands in a row.
    if (failure instanceof PSQLException answer && answer.getServerErrorMessage() != null) {
      return answer.getServerErrorMessage().getMessage();
    }
    // The driver's own words, such as "The connection attempt failed.", don't say why.
    Throwable cause = failure.getCause();
    if (cause instanceof UnknownHostException) {
      return "unknown host " + cause.getMessage();
    }
    return cause instanceof IOException ? cause.getMessage() : failure.getMessage();
  }

  /** Class 08 of the standard's states. */
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
