package dev.taskport.adapter.postgres.migration.legacy;

import dev.taskport.adapter.postgres.migration.lock.LockRetry;
import dev.taskport.adapter.postgres.migration.lock.MigrationException;
import dev.taskport.adapter.postgres.migration.lock.MigrationLock;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One step of a {@link LegacyTableMigration}.
 *
 * @param kind how it runs, and what other sessions notice
 */
public record MigrationStep(Kind kind, List<String> statements) {

  enum Kind {
    /** Statements outside a transaction. They may take long, and can be repeated. */
    ONLINE("while others read and write"),
    /** One transaction that locks the table for milliseconds. */
    BRIEF("locked for a moment"),
    /** One transaction that locks the table while it is rewritten. */
    REWRITING("locked while all of the table is rewritten");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  /** The name of a check that exists only while {@link #notNull} runs. */
  static final String REQUIRED = "taskport_required";

  private static final Logger LOG = LoggerFactory.getLogger(MigrationStep.class);

  static MigrationStep online(String... statements) {
    return new MigrationStep(Kind.ONLINE, List.of(statements));
  }

  static MigrationStep brief(String... statements) {
    return new MigrationStep(Kind.BRIEF, List.of(statements));
  }

  static MigrationStep rewriting(String... statements) {
    return new MigrationStep(Kind.REWRITING, List.of(statements));
  }

  /** Sets NOT NULL without a scan under a lock: PostgreSQL relies on a validated check. */
  static List<MigrationStep> notNull(LegacyTable table, List<String> columns) {
    if (columns.isEmpty()) {
      return List.of();
    }
    String alter = "ALTER TABLE " + table.name() + " ";
    return List.of(
        brief(
            alter + "DROP CONSTRAINT IF EXISTS " + REQUIRED,
            alter
                + "ADD CONSTRAINT "
                + REQUIRED
                + " CHECK ("
                + joined(columns, "%s IS NOT NULL", " AND ")
                + ") NOT VALID"),
        online(alter + "VALIDATE CONSTRAINT " + REQUIRED),
        brief(
            alter + joined(columns, "ALTER %s SET NOT NULL", ", "),
            alter + "DROP CONSTRAINT " + REQUIRED));
  }

  private static String joined(List<String> names, String format, String separator) {
    return names.stream().map(format::formatted).collect(Collectors.joining(separator));
  }

  /**
   * Runs the steps in order.
   *
   * @param doing what the steps do together, for the message of a failure
   */
  static void runAll(
      List<MigrationStep> steps,
      String doing,
      Connection connection,
      MigrationLock lock,
      Duration patience)
      throws SQLException {
    for (MigrationStep step : steps) {
      lock.check();
      try {
        step.run(connection, patience);
      } catch (SQLException e) {
        if ("23505".equals(e.getSQLState())) {
          throw MigrationException.of(
              doing + " stopped: rows have the same user_id and id: delete all but one", e);
        }
        throw MigrationException.of(doing + " stopped at " + step.sql(), e);
      }
    }
  }

  /** A line for people. */
  String description() {
    return "  " + kind.words + ": " + sql();
  }

  public String sql() {
    return String.join("; ", statements);
  }

  /**
   * Takes effect as a whole or not at all. Only a failed index build leaves something: an invalid
   * index.
   *
   * @param connection in auto-commit mode
   * @param patience how long to try to get the lock
   */
  public void run(Connection connection, Duration patience) throws SQLException {
    LOG.info("{}", sql());
    // It can deadlock with an index build that the server continues after its client died.
    LockRetry.run(
        connection,
        patience,
        kind == Kind.ONLINE
            ? () -> execute(connection, statements)
            : () -> runInTransaction(connection));
  }

  private void runInTransaction(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try {
      // SET LOCAL works behind a pooler, too.
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
