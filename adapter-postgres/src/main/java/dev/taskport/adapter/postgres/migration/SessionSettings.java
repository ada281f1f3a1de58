package dev.taskport.adapter.postgres.migration;

import dev.taskport.adapter.postgres.migration.lock.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/**
 * The settings of a session for a migration or a dry run, which override the defaults of the
 * server, the role and the JVM. Flyway applies them to each connection that it opens, and again
 * before each script, because the previous script may have changed them.
 */
enum SessionSettings implements Callback {
  /** Waits for locks without a limit. */
  WORK(""),
  /** Stops waiting for a lock after a second, so that no other statement waits longer behind it. */
  BRIEF_LOCKS("; SET lock_timeout = '1s'"),
  /** Changes nothing. */
  LOOK("; SET default_transaction_read_only = on");

  private final String sql;

  SessionSettings(String more) {
    // Where the platform allows, the server ends a statement within a second of this process's
    // death.
    // The old table's times are UTC; they convert without a shift only if the session's time zone
    // is UTC.
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
