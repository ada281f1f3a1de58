package dev.taskport.adapter.postgres.migration.lock;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one instance at a time migrate a database.
 *
 * <p>It is an advisory lock of an open transaction on a connection of its own. The lock ends when
 * its holder dies, and unlike a session-level lock it can't be left behind in a pooler. The idle
 * transaction holds no snapshot, so no index build waits for it. For the same reason, waiting
 * instances poll.
 */
public final class MigrationLock implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(MigrationLock.class);

  /** "taskport" in ASCII. */
  private static final long KEY = 0x7461736b706f7274L;

  private static final Duration BETWEEN_LINES = Duration.ofSeconds(30);

  private final Connection connection;

  private MigrationLock(Connection connection) {
    this.connection = connection;
  }

  /** Waits until no other instance migrates this database, for at most this long. */
  public static MigrationLock take(DataSource dataSource, Duration patience) throws SQLException {
    Connection connection = dataSource.getConnection();
    try {
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      connection.setAutoCommit(false);
      long start = System.nanoTime();
      long lastLine = start - BETWEEN_LINES.toNanos();
      while (!tryLock(connection)) {
        connection.rollback();
        long now = System.nanoTime();
        if (now - start > patience.toNanos()) {
          throw new MigrationException(
              "another instance has been migrating this database for more than "
                  + patience.toSeconds()
                  + " s: see its log, stop it if it hangs, and start again");
        }
        if (now - lastLine >= BETWEEN_LINES.toNanos()) {
          LOG.info("waiting for another instance's migration");
          lastLine = now;
        }
        Pause.ms(200);
      }
      return new MigrationLock(connection);
    } catch (SQLException | RuntimeException e) {
      try (connection) {
        throw e;
      }
    }
  }

  private static boolean tryLock(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet row =
          statement.executeQuery("SELECT pg_try_advisory_xact_lock(" + KEY + ")")) {
        if (!row.next() || !row.getBoolean(1)) {
          return false;
        }
      }
      // The default of the server or the role may end idle transactions.
      statement.execute(
          "SELECT set_config(name, '0', true) FROM pg_settings WHERE name IN "
              + "('idle_in_transaction_session_timeout', 'transaction_timeout')");
    }
    touch(connection);
    return true;
  }

  /** Fails when the lock was lost, because its connection broke. */
  public void check() throws SQLException {
    touch(connection);
  }

  /**
   * Runs statements that need no snapshot. A query's snapshot would stay in the driver's open
   * portal, and an index build would wait for it. The settings make the server notice within a
   * minute that the holder's machine is gone.
   */
  private static void touch(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL tcp_keepalives_idle = 30");
      statement.execute("SET LOCAL tcp_keepalives_interval = 10");
      statement.execute("SET LOCAL tcp_keepalives_count = 3");
    }
  }

  @Override
  public void close() throws SQLException {
    try (connection) {
      if (!connection.isClosed()) {
        connection.rollback();
      }
    }
  }
}
