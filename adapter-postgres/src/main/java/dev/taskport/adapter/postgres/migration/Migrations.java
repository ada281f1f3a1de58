package dev.taskport.adapter.postgres.migration;

import dev.taskport.adapter.postgres.address.ServerSession;
import dev.taskport.adapter.postgres.migration.legacy.FieldColumns;
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
import java.util.Map;
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
 * Migrates the database's schema to the version that this release needs. It starts from an empty
 * schema, the schema of an older release, or the table of the FastAPI backend, whose rows are all
 * kept (see {@code docs/cut-over.md}).
 *
 * <p>Any number of instances may migrate at once: one works, the others wait. A migration that was
 * killed at any moment can be started again. During long steps, the table can be read and written.
 * Steps that lock the table try for one second at a time, so no other statement waits longer behind
 * them.
 *
 * <p>Scripts are {@code db/migration/V….sql}. The version's whole number rises if the previous
 * release can't run on the new schema ({@code V2}); otherwise the part after the dot rises ({@code
 * V1.1}). A release runs on a newer schema with the same whole number, so a roll-back is possible,
 * and refuses all other newer schemas. A script that can't run in a transaction (its {@code
 * .sql.conf} says {@code executeInTransaction=false}, for {@code CREATE INDEX CONCURRENTLY}) starts
 * with {@code SET lock_timeout = 0} and must be repeatable: after a failure it runs again. In a
 * script, <code>${schema}</code> is the name of the schema, quoted for SQL, and <code>
 * ${concurrently}</code> is {@code CONCURRENTLY}; nothing where the tables are partitioned, because
 * PostgreSQL can't do that there: writes wait until the index is built.
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
   * @param dataSource opens connections directly to the server, with a role that may create and
   *     alter tables. It must not be a connection pool, because the connections' settings are
   *     changed. Through a pooler nothing is migrated, but a schema that is up to date is
   *     recognized
   */
  public Migrations(DataSource dataSource) {
    this(dataSource, false);
  }

  /**
   * @param mayBePooler whether an operator gave this address for migrations: a pooler is then
   *     assumed to be in session mode, with a warning
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
   * @param forTheTable how long to retry for a lock that other sessions hold
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
   * Migrates the schema to the newest version. If it is up to date, that takes one connection and
   * two statements, waits for no lock, and works through a pooler.
   *
   * @return whether there was anything to do
   * @throws MigrationException when the database can't be reached or has unsuitable settings,
   *     rights are missing, {@code tasks} is an unknown table, the schema belongs to a newer
   *     release, or there is a pooler in between
   */
  public boolean migrate() {
    return !isUpToDate() && migrateAlone(MigrationVersion.LATEST);
  }

  /**
   * Like {@link #migrate()}, but to the schema of an earlier release: for restoring its dump.
   *
   * @param version the version to stop at
   * @throws MigrationException also when this release doesn't know the version
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
      } else if (fields(state, history).isPresent()) {
        fields(state, history).get().run(connection, lock, forTheTable);
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
   * A dry run: reports what {@link #migrate()} would find and do. It changes nothing (its sessions
   * are read-only) and takes no lock that blocks others. If a table would be taken over, it reads
   * that table once.
   *
   * @return readable lines. Each obstacle to the migration is a line that begins with {@code
   *     Refused:}; the last line says that nothing was changed
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
   * The version of the schema in the connection's search path; empty if there is no schema of
   * Taskport.
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

  /** Changes no settings of the session, because a pooler shares it. */
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
      Optional<FieldColumns> fields = fields(state, history);
      if (goes && fields.isPresent()) {
        lines.addAll(fields.get().description(connection));
        lines.addAll(fields.get().plan());
      }
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
      // Skip the first script: the take-over has already given the table the same shape.
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
        fields(state, history).ifPresent(fields -> refusals.addAll(fields.refusals()));
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
        // This history was started before the table appeared, and has no information.
        statement.execute("DROP TABLE IF EXISTS " + table);
      } else if (Arrays.stream(history.all()).anyMatch(script -> script.getState().isFailed())) {
        // Let a script that failed outside a transaction run again.
        statement.execute("DELETE FROM " + table + " WHERE NOT success");
      }
    }
  }

  /** Columns that are foreign ones so far, where the script that makes them ours is to run. */
  private static Optional<FieldColumns> fields(SchemaState state, MigrationInfoService history) {
    MigrationVersion makes = MigrationVersion.fromVersion(FieldColumns.SCRIPT);
    return state
        .tasks()
        .filter(
            tasks ->
                Arrays.stream(history.pending())
                    .anyMatch(script -> makes.equals(script.getVersion())))
        .map(FieldColumns::new);
  }

  /** Whether the history says that the table was created or taken over. */
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
            .placeholders(
                Map.of(
                    "schema",
                    String.valueOf(state.quotedSchema()),
                    "concurrently",
                    isPartitioned(state) ? "" : "CONCURRENTLY"))
            .target(target)
            .baselineOnMigrate(true)
            .baselineVersion(baseline)
            .baselineDescription(baseline.equals("0") ? "before Taskport" : "table taken over")
            .loggers("slf4j");
    // By default, Flyway's lock is a transaction around everything, and CREATE INDEX CONCURRENTLY
    // would wait for it forever.
    configuration
        .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
    return configuration.load();
  }

  private static boolean isPartitioned(SchemaState state) {
    return state.tasks().filter(tasks -> tasks.kind().equals("p")).isPresent();
  }

  /** The last version that a migration to {@code target} reaches. */
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
