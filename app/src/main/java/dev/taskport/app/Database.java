package dev.taskport.app;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.adapter.postgres.embedded.EmbeddedPostgres;
import dev.taskport.adapter.postgres.migration.Migrations;
import dev.taskport.adapter.postgres.migration.lock.MigrationException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The database that the settings name, reachable until closed: somebody's server, or an embedded
 * one of ours.
 */
final class Database implements AutoCloseable {
  private final DatabaseAddress address;
  private final DatabaseAddress migrationAddress;
  private final String migrationSetting;
  private final @Nullable EmbeddedPostgres embedded;

  private Database(
      DatabaseAddress address,
      DatabaseAddress migrationAddress,
      String migrationSetting,
      @Nullable EmbeddedPostgres embedded) {
    this.address = address;
    this.migrationAddress = migrationAddress;
    this.migrationSetting = migrationSetting;
    this.embedded = embedded;
  }

  /** Starts the embedded server if no other database is given. */
  static Database open(Settings settings) {
    DatabaseAddress given = settings.database();
    if (given != null) {
      DatabaseAddress direct = settings.migrationDatabase();
      return direct != null
          ? new Database(given, direct, "DIRECT_URL", null)
          : new Database(given, given, "DATABASE_URL", null);
    }
    EmbeddedPostgres embedded = EmbeddedPostgres.start(settings.dataDirectory());
    DatabaseAddress address =
        new DatabaseAddress(embedded.jdbcUrl(), embedded.username(), embedded.password());
    return new Database(address, address, "DATA_DIR", embedded);
  }

  /** Where the service's statements go. */
  DatabaseAddress address() {
    return address;
  }

  /**
   * Brings the schema up to date.
   *
   * @throws SettingsException when it can't be done; it names the setting of the database
   */
  void migrate() {
    try {
      new Migrations(migrationAddress.dataSource()).migrate();
    } catch (MigrationException e) {
      throw settingsException(e);
    }
  }

  /**
   * What {@link #migrate} would do, in lines for people.
   *
   * @throws SettingsException when the database can't be looked at; it names the setting
   */
  List<String> migrationPlan() {
    try {
      return new Migrations(migrationAddress.dataSource()).plan();
    } catch (MigrationException e) {
      throw settingsException(e);
    }
  }

  private SettingsException settingsException(MigrationException e) {
    return new SettingsException(migrationSetting + ": " + e.getMessage());
  }

  /** Stops the embedded server, in order; leaves any other alone. */
  @Override
  public void close() {
    if (embedded != null) {
      embedded.close();
    }
  }
}
