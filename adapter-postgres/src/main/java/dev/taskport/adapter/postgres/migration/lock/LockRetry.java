package dev.taskport.adapter.postgres.migration.lock;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repeats an attempt that needs a lock until no other session holds the lock. */
public final class LockRetry {

  private static final Logger LOG = LoggerFactory.getLogger(LockRetry.class);

  private static final long PAUSE_MS = 500;
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

  /** One attempt. It fails after a short lock timeout, without any effect. */
  public interface Attempt {
    public void run() throws SQLException;
  }

  private LockRetry() {}

  /**
   * Runs the attempt until it gets its lock.
   *
   * @param connection in auto-commit mode, to ask who holds the lock
   */
  public static void run(Connection connection, Duration patience, Attempt attempt)
      throws SQLException {
    long start = System.nanoTime();
    long lastLine = start - BETWEEN_LINES.toNanos();
    while (true) {
      try {
        attempt.run();
        return;
      } catch (SQLException | FlywayException e) {
        if (!MigrationException.isLocked(e)) {
          throw e;
        }
      }
      long now = System.nanoTime();
      if (now - start > patience.toNanos()) {
        throw new MigrationException(
            "table tasks stayed locked for more than %d s by %s: end it and start again"
                .formatted(patience.toSeconds(), holder(connection)));
      }
      if (now - lastLine >= BETWEEN_LINES.toNanos()) {
        LOG.info("waiting for a moment's lock on table tasks, held by {}", holder(connection));
        lastLine = now;
      }
      Pause.ms(PAUSE_MS);
    }
  }

  private static String holder(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT format('server process %s (role %s, application %L%s)', a.pid, a.usename,
                  a.application_name, ', ' || a.state)
                FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
                WHERE l.relation = to_regclass('tasks') AND l.granted AND l.pid <> pg_backend_pid()
                  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                ORDER BY a.xact_start LIMIT 1""")) {
      return row.next() ? row.getString(1) : "another session";
    }
  }
}
