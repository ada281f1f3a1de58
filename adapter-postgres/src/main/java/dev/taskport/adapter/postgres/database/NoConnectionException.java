package dev.taskport.adapter.postgres.database;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The pool had no connection for the statement, which was not sent. */
final class NoConnectionException extends StatementException {
  private static final long serialVersionUID = 1L;

  NoConnectionException(SQLException cause) {
    super(cause);
  }

  /** Null: the server has not been asked. What the pool says is of an attempt to connect. */
  @Override
  public @Nullable String state() {
    return null;
  }
}
