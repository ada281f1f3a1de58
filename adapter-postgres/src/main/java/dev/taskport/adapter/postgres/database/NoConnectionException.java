package dev.taskport.adapter.postgres.database;

import java.sql.SQLException;

/** The pool had no connection for the statement, which was not sent. */
final class NoConnectionException extends StatementException {
  private static final long serialVersionUID = 1L;

  NoConnectionException(SQLException cause) {
    super(cause);
  }
}
