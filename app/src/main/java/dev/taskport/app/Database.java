package dev.taskport.app;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.adapter.postgres.dump.Dump;
import dev.taskport.adapter.postgres.dump.DumpException;
import dev.taskport.adapter.postgres.dump.Restore;
import dev.taskport.adapter.postgres.embedded.EmbeddedPostgres;
import dev.taskport.adapter.postgres.migration.Migrations;
import dev.taskport.adapter.postgres.migration.lock.MigrationException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The database of the settings: an external server, or the embedded one, which runs until this is
 * closed.
 */
final class Database implements AutoCloseable {
  private final DatabaseAddress address;
  private final DatabaseAddress migrationAddress;
  private final String migrationSetting;
  private final Path dataDirectory;
  private final @Nullable EmbeddedPostgres embedded;

  private Database(
      DatabaseAddress address,
      DatabaseAddress migrationAddress,
      String migrationSetting,
      Path dataDirectory,
      @Nullable EmbeddedPostgres embedded) {
    this.address = address;
    this.migrationAddress = migrationAddress;
    this.migrationSetting = migrationSetting;
    this.dataDirectory = dataDirectory;
    this.embedded = embedded;
  }

  /** Starts the embedded server if the settings name no database. */
  static Database open(Settings settings) {
    Path folder = settings.dataDirectory();
    DatabaseAddress given = settings.database();
    if (given != null) {
      DatabaseAddress direct = settings.migrationDatabase();
      return direct != null
          ? new Database(given, direct, "DIRECT_URL", folder, null)
          : new Database(given, given, "DATABASE_URL", folder, null);
    }
    EmbeddedPostgres embedded = EmbeddedPostgres.start(folder);
    DatabaseAddress address =
        new DatabaseAddress(embedded.jdbcUrl(), embedded.username(), embedded.password());
    return new Database(address, address, "DATA_DIR", folder, embedded);
  }

  /** The address for the service's statements. */
  DatabaseAddress address() {
    return address;
  }

  /**
   * Migrates the schema to the newest version.
   *
   * @return whether there was anything to do
   * @throws SettingsException when it fails; the message names the setting of the database
   */
  boolean migrate() {
    try {
      return migrations().migrate();
    } catch (MigrationException e) {
      throw settingsException(e);
    }
  }

  /**
   * Like {@link #migrate}, but doesn't fail when the database is away.
   *
   * @param hostMustBeKnown whether an unknown host is a failure, too
   * @return why it is away, for the log; null when the schema is migrated
   * @throws SettingsException when the migration fails for a reason that doesn't pass by itself;
   *     the message names the setting of the database
   */
  @Nullable String migrateIfThere(boolean hostMustBeKnown) {
    try {
      migrations().migrate();
      return null;
    } catch (MigrationException e) {
      if (!e.isAway() || (hostMustBeKnown && e.isUnknownHost())) {
        throw settingsException(e);
      }
      return settingsException(e).getMessage();
    }
  }

  /**
   * A dry run of {@link #migrate}, as readable lines.
   *
   * @throws SettingsException when the database can't be read; the message names the setting
   */
  List<String> migrationPlan() {
    try {
      return migrations().plan();
    } catch (MigrationException e) {
      throw settingsException(e);
    }
  }

  /**
   * Writes all of Taskport's data in the database to a new file; returns the number of tasks.
   *
   * @throws DumpException when it fails
   */
  long dump(Path file) {
    return new Dump(migrationAddress.dataSource()).write(file);
  }

  /**
   * Restores a {@link #dump} into a database without tasks; returns the number of tasks.
   *
   * @throws DumpException when it fails
   * @throws SettingsException when the schema can't be created; the message names the setting of
   *     the database
   */
  long restore(Path file) {
    try {
      return new Restore(migrationAddress.dataSource()).read(file);
    } catch (MigrationException e) {
      throw settingsException(e);
    }
  }

  /**
   * Checks that the embedded server allows a pool of this size. An external server is not asked,
   * because there may be a pooler in front of it.
   *
   * @throws SettingsException when the embedded server allows fewer
   */
  void requireConnections(int poolSize) {
    if (embedded == null) {
      return;
    }
    int allowed = allowedConnections();
    if (poolSize > allowed) {
      throw new SettingsException(
          "DATABASE_POOL_SIZE: the database in DATA_DIR allows %d connections: set it to that at most, or raise max_connections in %s"
              .formatted(allowed, dataDirectory.resolve("cluster/postgresql.conf")));
    }
  }

  /** The number of connections, without those reserved for the superuser. */
  private int allowedConnections() {
    try (Connection connection = address.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT current_setting('max_connections')::int
                  - current_setting('superuser_reserved_connections')::int
                  - current_setting('reserved_connections')::int""")) {
      row.next();
      return row.getInt(1);
    } catch (SQLException e) {
      throw new SettingsException("DATA_DIR: the database doesn't answer: " + e.getMessage());
    }
  }

  private Migrations migrations() {
    return new Migrations(migrationAddress.dataSource(), migrationSetting.equals("DIRECT_URL"));
  }

  private SettingsException settingsException(MigrationException e) {
    String where = e.isUnreachable() ? " (database at " + migrationAddress.hosts() + ")" : "";
    return new SettingsException(migrationSetting + ": " + e.getMessage() + where);
  }

  /** Stops the embedded server cleanly. Does nothing to an external one. */
  @Override
  public void close() {
    if (embedded != null) {
      embedded.close();
    }
  }
}
