package dev.taskport.adapter.postgres.migration;

import dev.taskport.adapter.postgres.migration.lock.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/**
 * How a session that migrates or looks is set, whatever the server's, the role's and the JVM's
 * defaults are; Flyway calls it for each connection that it opens, and before each script, as the
 * one before may have set something else.
 */
enum SessionSettings implements Callback {
  /** Waits for locks as long as it takes. */
  WORK(""),
  /** Gives up a lock after a second, so that nobody queues behind it for longer. */
  BRIEF_LOCKS("; SET lock_timeout = '1s'"),
  /** Changes nothing. */
  LOOK("; SET default_transaction_read_only = on");

  private final String sql;

  SessionSettings(String more) {
    // The server ends a statement within a second when this process has died, where it can.
    // Times of the old table are UTC, and stay as they are only where the session's zone is.
    this.sql =
        "SET TIME ZONE 'UTC'; SET client_min_messages = warning; "
            + "SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN ('lock_timeout', "
            + "'statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout'); "
            + "SELECT set_config('client_connection_check_interval', '1s', false) "
            + "WHERE version() LIKE '%linux%'"
            + more;
  }

  void apply(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public boolean supports(Event event, Context context) {
    return event == Event.AFTER_CONNECT || event == Event.BEFORE_EACH_MIGRATE;
  }

  @Override
  public boolean canHandleInTransaction(Event event, Context context) {
    return true;
  }

  @Override
  public void handle(Event event, Context context) {
    try {
      apply(context.getConnection());
    } catch (SQLException e) {
      throw MigrationException.of("the session could not be set up", e);
    }
  }

  @Override
  public String getCallbackName() {
    return name();
  }
}
