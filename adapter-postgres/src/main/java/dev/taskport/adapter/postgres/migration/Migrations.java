package dev.taskport.adapter.postgres.migration;

import dev.taskport.adapter.postgres.address.ServerSession;
import dev.taskport.adapter.postgres.migration.legacy.LegacyTableMigration;
import dev.taskport.adapter.postgres.migration.lock.LockRetry;
import dev.taskport.adapter.postgres.migration.lock.MigrationException;
import dev.taskport.adapter.postgres.migration.lock.MigrationLock;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the database's schema to the one that this release works on, from an empty schema, an
 * older release's, or the table of the FastAPI backend, whose rows are all kept (see {@code
 * docs/cut-over.md}).
 *
 * <p>Any number of instances may do so at once: one works, the others wait for it. A run that is
 * killed at any moment is simply started again. Long steps let others read and write; steps that
 * don't are tried for a second at a time, so that nobody queues behind them for longer.
 *
 * <p>Scripts are {@code db/migration/V….sql}. The version's whole number rises when the release
 * before can't run on the result ({@code V2}), else the part behind the dot ({@code V1.1}): a
 * release runs on a newer schema with the same whole number, so that it can be rolled back to, and
 * refuses others. A script that can't run in a transaction (its {@code .sql.conf} says {@code
 * executeInTransaction=false}, for {@code CREATE INDEX CONCURRENTLY}) starts with {@code SET
 * lock_timeout = 0} and must be repeatable: after a failure it runs again.
 */
public final class Migrations {

  private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

  private static final String THROUGH_A_POOLER =
      "the schema is not the one that this release works on, and can't be migrated through a"
          + " connection pooler: set DIRECT_URL to the address of the server itself, or of a pooler in"
          + " session mode";

  private final DataSource dataSource;
  private final boolean mayBePooler;
  private final Duration forOthers;
  private final Duration forTheTable;
  private final String[] locations;

  /**
   * @param dataSource opens connections to the server itself, as a role that may create and alter
   *     tables: no pool, as settings are left on the connections. Through a pooler nothing is
   *     migrated, but a schema that is up to date is found so
   */
  public Migrations(DataSource dataSource) {
    this(dataSource, false);
  }

  /**
   * @param mayBePooler whether an operator named this address for migrations: a pooler is taken for
   *     one in session mode then, with a warning
   */
  public Migrations(DataSource dataSource, boolean mayBePooler) {
    this(
        dataSource,
        mayBePooler,
        Duration.ofHours(1),
        Duration.ofMinutes(10),
        "classpath:db/migration");
  }

  Migrations(DataSource dataSource, Duration forOthers, Duration forTheTable, String... locations) {
    this(dataSource, false, forOthers, forTheTable, locations);
  }

  /**
   * @param forOthers how long to wait while another instance migrates
   * @param forTheTable how long to try for a lock that others hold
   */
  private Migrations(
      DataSource dataSource,
      boolean mayBePooler,
      Duration forOthers,
      Duration forTheTable,
      String... locations) {
    this.dataSource = dataSource;
    this.mayBePooler = mayBePooler;
    this.forOthers = forOthers;
    this.forTheTable = forTheTable;
    this.locations = locations;
  }

  /**
   * Brings the schema up to date. When it is, that takes one connection and two statements, waits
   * for nobody, and works through a pooler.
   *
   * @return whether there was anything to do
   * @throws MigrationException when it could not be done: the database can't be reached or is not
   *     what it should be, rights are missing, {@code tasks} is somebody else's table, the schema
   *     is a newer release's, or there is a pooler in between
   */
  public boolean migrate() {
    return !isUpToDate() && migrateAlone(MigrationVersion.LATEST);
  }

  /**
   * Like {@link #migrate()}, to an earlier release's schema: for a dump of that release's.
   *
   * @param version the version to stop at
   * @throws MigrationException also when this release doesn't know that version
   */
  public void migrateTo(String version) {
    var unused = migrateAlone(MigrationVersion.fromVersion(version));
  }

  private boolean isUpToDate() {
    long beforeOpening = System.nanoTime();
    try (Connection connection = dataSource.getConnection()) {
      boolean upToDate = SchemaHistory.isUpToDate(connection, locations);
      if (!upToDate && !ServerSession.of(connection, beforeOpening).direct()) {
        if (!mayBePooler) {
          throw new MigrationException(THROUGH_A_POOLER);
        }
        LOG.warn("migrating through a connection pooler, which must be in session mode");
      }
      return upToDate;
    } catch (SQLException e) {
      throw MigrationException.of("the schema could not be migrated", e);
    }
  }

  private boolean migrateAlone(MigrationVersion target) {
    try (MigrationLock lock = MigrationLock.take(dataSource, forOthers);
        Connection connection = open(SessionSettings.WORK)) {
      SchemaState state = SchemaState.read(connection);
      refuse(state.refusals());
      Flyway flyway = flyway(state, "0", SessionSettings.BRIEF_LOCKS, target);
      MigrationInfoService history = flyway.info();
      refuse(refusals(connection, state, history));
      MigrationVersion last = last(history, target);
      boolean takesOver = !isRecorded(history) && state.tasks().isPresent();
      if (takesOver) {
        new LegacyTableMigration(state.tasks().get()).run(connection, lock, forTheTable);
        flyway = flyway(state, "1", SessionSettings.BRIEF_LOCKS, target);
      }
      prepareHistory(connection, state, history);
      LockRetry.run(connection, forTheTable, flyway::migrate);
      boolean changed = takesOver || history.pending().length > 0;
      if (changed) {
        LOG.info("schema {} is at version {} now", state.schema(), last);
      }
      return changed;
    } catch (SQLException | FlywayException e) {
      throw MigrationException.of("the schema could not be migrated", e);
    }
  }

  /**
   * A dry run: what {@link #migrate()} would find and do, in lines for people. Changes nothing (its
   * sessions are read-only) and takes no lock that anybody waits for. Where a table would be taken
   * over, it reads that table once.
   *
   * @return lines that begin with {@code Refused:} for what would stop the migration; the last line
   *     says that nothing was changed
   * @throws MigrationException when the database can't be reached or read
   */
  public List<String> plan() {
    long beforeOpening = System.nanoTime();
    try (Connection connection = dataSource.getConnection()) {
      if (!mayBePooler && !ServerSession.of(connection, beforeOpening).direct()) {
        return planThroughPooler(connection);
      }
      SessionSettings.LOOK.apply(connection);
      SchemaState state = SchemaState.read(connection);
      List<String> lines = new ArrayList<>();
      lines.add(state.description());
      List<String> refusals = new ArrayList<>(state.refusals());
      if (refusals.isEmpty()) {
        MigrationInfoService history =
            flyway(state, "0", SessionSettings.LOOK, MigrationVersion.LATEST).info();
        refusals.addAll(refusals(connection, state, history));
        describe(lines, connection, state, history, refusals.isEmpty());
      }
      refusals.forEach(refusal -> lines.add("Refused: " + refusal));
      lines.add("Nothing was changed.");
      return List.copyOf(lines);
    } catch (SQLException | FlywayException e) {
      throw MigrationException.of("the database could not be looked at", e);
    }
  }

  /**
   * The version of the schema that the connection's search path leads to; nothing where none of
   * ours is.
   */
  public static Optional<String> version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet row =
          statement.executeQuery("SELECT to_regclass('" + SchemaHistory.NAME + "') IS NOT NULL")) {
        row.next();
        if (!row.getBoolean(1)) {
          return Optional.empty();
        }
      }
      try (ResultSet row =
          statement.executeQuery(
              "SELECT version FROM %s WHERE success AND version <> '0' ORDER BY installed_rank DESC LIMIT 1"
                  .formatted(SchemaHistory.NAME))) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    }
  }

  /** Sets nothing on the session: it is not ours alone. */
  private List<String> planThroughPooler(Connection connection) throws SQLException {
    return List.of(
        SchemaState.read(connection).description(),
        SchemaHistory.isUpToDate(connection, locations)
            ? "There is nothing to do."
            : "Refused: " + THROUGH_A_POOLER,
        "Nothing was changed.");
  }

  private static void describe(
      List<String> lines,
      Connection connection,
      SchemaState state,
      MigrationInfoService history,
      boolean goes)
      throws SQLException {
    if (isRecorded(history)) {
      lines.add("The schema is at version " + history.current().getVersion() + ".");
    } else if (state.tasks().isPresent()) {
      LegacyTableMigration takeOver = new LegacyTableMigration(state.tasks().get());
      if (takeOver.refusals().isEmpty()) {
        lines.addAll(takeOver.description(connection));
      }
    } else {
      lines.add("There is no table tasks: it would be created.");
    }
    if (!goes) {
      return;
    }
    boolean takesOver = !isRecorded(history) && state.tasks().isPresent();
    for (MigrationInfo script : history.pending()) {
      // The first script makes what the table that is taken over has become.
      if (!takesOver || script.getVersion().isNewerThan("1")) {
        lines.add("Would run " + script.getScript() + ".");
      }
    }
    if (history.pending().length == 0) {
      lines.add("There is nothing to do.");
    }
  }

  private static List<String> refusals(
      Connection connection, SchemaState state, MigrationInfoService history) throws SQLException {
    List<String> refusals = new ArrayList<>();
    Optional<LegacyTableMigration> takeOver = state.tasks().map(LegacyTableMigration::new);
    if (isRecorded(history)) {
      if (isTooNew(history)) {
        refusals.add(
            "the schema is at version %s, which this release is too old for (it knows %s): start a newer release"
                .formatted(history.current().getVersion(), newestKnown(history)));
      } else if (takeOver.isEmpty() || state.tasks().get().isOldShape()) {
        refusals.add(
            "%s says that table tasks was migrated, but it %s: restore the table, or drop all of Taskport's other tables to begin anew"
                .formatted(
                    SchemaHistory.NAME, takeOver.isEmpty() ? "is missing" : "has the old shape"));
      } else if (history.pending().length > 0) {
        refusals.addAll(state.missingRights());
      }
      return refusals;
    }
    if (takeOver.isPresent()) {
      refusals.addAll(takeOver.get().refusals());
      if (refusals.isEmpty()) {
        refusals.addAll(takeOver.get().unfitRows(connection));
      }
    }
    refusals.addAll(state.missingRights());
    return refusals;
  }

  private static void refuse(List<String> refusals) {
    if (!refusals.isEmpty()) {
      throw new MigrationException(String.join("; ", refusals) + ". Nothing was changed.");
    }
  }

  private static void prepareHistory(
      Connection connection, SchemaState state, MigrationInfoService history) throws SQLException {
    String table = state.quotedSchema() + "." + SchemaHistory.NAME;
    try (Statement statement = connection.createStatement()) {
      if (!isRecorded(history) && state.tasks().isPresent()) {
        // It was begun before the table appeared, and says nothing.
        statement.execute("DROP TABLE IF EXISTS " + table);
      } else if (Arrays.stream(history.all()).anyMatch(script -> script.getState().isFailed())) {
        // A script that failed outside a transaction runs again.
        statement.execute("DELETE FROM " + table + " WHERE NOT success");
      }
    }
  }

  /** Whether the history says that the table was made or taken over. */
  private static boolean isRecorded(MigrationInfoService history) {
    MigrationInfo current = history.current();
    return current != null && current.getVersion().isAtLeast("1");
  }

  private static boolean isTooNew(MigrationInfoService history) {
    return history.current().getVersion().getMajor().compareTo(newestKnown(history).getMajor()) > 0;
  }

  private static MigrationVersion newestKnown(MigrationInfoService history) {
    return Arrays.stream(history.all())
        .filter(script -> script.getState().isResolved() && script.getVersion() != null)
        .map(MigrationInfo::getVersion)
        .max(Comparator.naturalOrder())
        .orElse(MigrationVersion.EMPTY);
  }

  private Flyway flyway(
      SchemaState state, String baseline, SessionSettings settings, MigrationVersion target) {
    FluentConfiguration configuration =
        Flyway.configure(Migrations.class.getClassLoader())
            .dataSource(dataSource)
            .callbacks(settings)
            .locations(locations)
            .defaultSchema(state.schemaName())
            .createSchemas(false)
            .table(SchemaHistory.NAME)
            .target(target)
            .baselineOnMigrate(true)
            .baselineVersion(baseline)
            .baselineDescription(baseline.equals("0") ? "before Taskport" : "table taken over")
            .loggers("slf4j");
    // Its lock would otherwise be a transaction around everything, which no CREATE INDEX
    // CONCURRENTLY gets past.
    configuration
        .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
    return configuration.load();
  }

  /** Where the migration to {@code target} ends. */
  private static MigrationVersion last(MigrationInfoService history, MigrationVersion target) {
    if (target.equals(MigrationVersion.LATEST)) {
      return newestKnown(history);
    }
    if (Arrays.stream(history.all()).noneMatch(script -> target.equals(script.getVersion()))) {
      throw new MigrationException(
          "this release doesn't know version %s of the schema, only those up to %s"
              .formatted(target, newestKnown(history)));
    }
    return target;
  }

  private Connection open(SessionSettings settings) throws SQLException {
    Connection connection = dataSource.getConnection();
    try {
      settings.apply(connection);
      return connection;
    } catch (SQLException e) {
      try (connection) {
        throw e;
      }
    }
  }
}
