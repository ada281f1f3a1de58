package dev.taskport.adapter.postgres;

import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.StoreUnavailableException.Reason;
import io.micronaut.data.connection.jdbc.exceptions.CannotGetJdbcConnectionException;
import io.micronaut.data.exceptions.DataAccessException;
import io.micronaut.data.jdbc.runtime.ConnectionCallback;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs single SQL statements in auto-commit mode: each is one transaction and one round trip. */
@Singleton
final class Statements {
  private final JdbcOperations jdbc;
  private final DiskSpace disk;
  private volatile long lastAnswer = System.nanoTime();

  Statements(JdbcOperations jdbc, DiskSpace disk) {
    this.jdbc = jdbc;
    this.disk = disk;
  }

  /** Reads the current row of a result set. */
  @FunctionalInterface
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** An argument that is an SQL array with this element type. */
  record ArrayOf(String type, List<?> elements) {}

  /**
   * Runs a statement and returns its rows.
   *
   * @throws StoreUnavailableException when the database can't answer now, or committed a change
   *     without the confirmation of its synchronous standby
   * @throws IllegalStateException when a pooler mixed up prepared statements
   * @throws DataAccessException when the database refuses the statement; the cause is the {@link
   *     SQLException}
   */
  <T> List<T> query(String sql, List<? extends @Nullable Object> arguments, RowReader<T> reader) {
    return run(
        connection -> {
          try (PreparedStatement statement = prepare(connection, sql, arguments);
              ResultSet rows = statement.executeQuery()) {
            List<T> results = new ArrayList<>();
            while (rows.next()) {
              results.add(reader.read(rows));
            }
            requireConfirmation(statement);
            return results;
          }
        });
  }

  /** Like {@link #query}, for a statement that returns no rows: returns how many rows it wrote. */
  int update(String sql, List<? extends @Nullable Object> arguments) {
    return run(
        connection -> {
          try (PreparedStatement statement = prepare(connection, sql, arguments)) {
            int written = statement.executeUpdate();
            requireConfirmation(statement);
            return written;
          }
        });
  }

  /** Checks that the server answers. Each step waits at most this long. */
  void ping(int seconds) {
    run(
        connection -> {
          connection.setNetworkTimeout(Runnable::run, seconds * 1000);
          try (PreparedStatement statement = connection.prepareStatement("SELECT 1")) {
            return statement.execute();
          }
        });
  }

  /** Whether the database has carried out a statement since this {@link System#nanoTime()}. */
  boolean answeredSince(long nanoTime) {
    return lastAnswer - nanoTime > 0;
  }

  private <R> R run(ConnectionCallback<R> work) {
    try {
      // Not jdbc.prepareStatement or a repository method: these require a transaction or set the
      // connection read-only.
      R result = jdbc.execute(work);
      lastAnswer = System.nanoTime();
      return result;
    } catch (CannotGetJdbcConnectionException e) {
      throw new StoreUnavailableException("No connection to the database was available", e);
    } catch (DataAccessException e) {
      if (e.getCause() instanceof SQLException cause && SqlStates.meansMismatch(cause)) {
        throw new IllegalStateException(
            "A connection pooler mixes up prepared statements (SQLSTATE "
                + cause.getSQLState()
                + "): take prepareThreshold out of DATABASE_URL, or set it to 0",
            e);
      }
      String state = SqlStates.of(e);
      disk.failed(state);
      if (SqlStates.meansFullDisk(state)) {
        throw new StoreUnavailableException(Reason.FULL, "The database's disk is full", e);
      }
      if (SqlStates.meansUnavailable(state)) {
        throw new StoreUnavailableException(
            "The database can't answer now (SQLSTATE " + state + ")", e);
      }
      throw e;
    }
  }

  /**
   * PostgreSQL only warns when the wait for a synchronous standby is cancelled. The change is
   * committed, but is lost if the standby takes over now.
   */
  private static void requireConfirmation(PreparedStatement statement) throws SQLException {
    for (SQLWarning warning = statement.getWarnings();
        warning != null;
        warning = warning.getNextWarning()) {
      if (SqlStates.meansUnconfirmed(warning)) {
        throw new StoreUnavailableException("The standby has not confirmed the change", warning);
      }
    }
  }

  private static PreparedStatement prepare(
      Connection connection, String sql, List<? extends @Nullable Object> arguments)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int i = 0; i < arguments.size(); i++) {
        Object argument = arguments.get(i);
        if (argument instanceof ArrayOf array) {
          statement.setArray(
              i + 1, connection.createArrayOf(array.type(), array.elements().toArray()));
        } else if (argument instanceof String || argument instanceof Boolean) {
          // Without a declared type, as null is: when types change from call to call, the driver
          // has the statement parsed anew each time. A time alone may change: once is enough.
          statement.setObject(i + 1, argument, Types.OTHER);
        } else {
          statement.setObject(i + 1, argument);
        }
      }
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }
}
