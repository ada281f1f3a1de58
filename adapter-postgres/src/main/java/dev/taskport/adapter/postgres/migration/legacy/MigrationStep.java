package dev.taskport.adapter.postgres.migration.legacy;

import dev.taskport.adapter.postgres.migration.lock.LockRetry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One step of a {@link LegacyTableMigration}.
 *
 * @param online true: statements outside a transaction, for as long as they need, while others read
 *     and write, which may be repeated; false: one transaction under an exclusive lock on the
 *     table, for milliseconds
 */
public record MigrationStep(boolean online, List<String> statements) {

  private static final Logger LOG = LoggerFactory.getLogger(MigrationStep.class);

  static MigrationStep online(String... statements) {
    return new MigrationStep(true, List.of(statements));
  }

  static MigrationStep brief(String... statements) {
    return new MigrationStep(false, List.of(statements));
  }

  public String sql() {
    return String.join("; ", statements);
  }

  /**
   * Does it, or leaves everything as it was; only an index build that fails leaves an index that is
   * not valid.
   *
   * @param connection in auto-commit mode
   * @param patience how long to try for the lock
   */
  public void run(Connection connection, Duration patience) throws SQLException {
    LOG.info("{}", sql());
    // A deadlock is possible with an index build whose process died and which the server goes on
    // with.
    LockRetry.run(
        connection,
        patience,
        online ? () -> execute(connection, statements) : () -> runInTransaction(connection));
  }

  private void runInTransaction(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try {
      // Said in the transaction, where it holds even behind a pooler.
      execute(connection, List.of("SET LOCAL TIME ZONE 'UTC'", "SET LOCAL lock_timeout = '1s'"));
      execute(connection, statements);
      connection.commit();
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private static void execute(Connection connection, List<String> statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
