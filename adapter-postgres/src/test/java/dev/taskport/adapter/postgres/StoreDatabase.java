package dev.taskport.adapter.postgres;

import dev.taskport.domain.Task;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** A migrated schema for a store, and what only its server can do or tell. */
public final class StoreDatabase {
  private final PGSimpleDataSource dataSource;

  private StoreDatabase(PGSimpleDataSource dataSource) {
    this.dataSource = dataSource;
  }

  public static StoreDatabase create() {
    return of(TestDatabase.migrated());
  }

  /** A schema that a test migrates itself. */
  public static StoreDatabase of(PGSimpleDataSource dataSource) {
    return new StoreDatabase(dataSource);
  }

  /** Connections that have nothing to do with the store. */
  public PGSimpleDataSource dataSource() {
    return dataSource;
  }

  public int port() {
    return dataSource.getPortNumbers()[0];
  }

  /** How a store reaches it. */
  public String jdbcUrl() {
    return jdbcUrl(port());
  }

  /** ... through another port. The store's connections bear the schema's name. */
  public String jdbcUrl(int port) {
    String schema = dataSource.getCurrentSchema();
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, dataSource.getDatabaseName())
        + "?currentSchema=%s&ApplicationName=%s&sslmode=disable&gssEncMode=disable"
            .formatted(schema, schema);
  }

  public void execute(String sql) {
    TestDatabase.execute(dataSource, sql);
  }

  public long number(String sql) {
    return Long.parseLong(TestDatabase.query(dataSource, sql));
  }

  /** Ends the store's connections, as a server does that restarts. */
  public void endConnections() {
    number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE " + ofStore());
  }

  /** Stores the task as a program did that kept no log. */
  public void putStored(Task task) {
    PGSimpleDataSource superuser = TestDatabase.superuser();
    superuser.setDatabaseName(dataSource.getDatabaseName());
    superuser.setCurrentSchema(dataSource.getCurrentSchema());
    List<@Nullable Object> values = TaskRow.values(task);
    try (Connection connection = superuser.getConnection();
        Statement setting = connection.createStatement();
        PreparedStatement insert =
            connection.prepareStatement(TaskRow.INSERT + "VALUES (" + TaskRow.VALUES + ")")) {
      setting.execute("SET session_replication_role = replica"); // without triggers
      for (int i = 0; i < values.size(); i++) {
        insert.setObject(i + 1, values.get(i));
      }
      insert.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Removes what the planner knows of the table's values. */
  public void forgetStatistics(String table) {
    PGSimpleDataSource superuser = TestDatabase.superuser();
    superuser.setDatabaseName(dataSource.getDatabaseName());
    TestDatabase.execute(
        superuser,
        "DELETE FROM pg_statistic WHERE starelid = '%s.%s'::regclass"
            .formatted(dataSource.getCurrentSchema(), table));
  }

  /** Returns when a statement of the store waits for a lock. */
  public void awaitWaiting() {
    await(
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND "
            + ofStore()
            + ")");
  }

  /** Returns when the query answers true. */
  public void await(String query) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!TestDatabase.query(dataSource, query).equals("t")) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Not so within 20 seconds: " + query);
      }
    }
  }

  private String ofStore() {
    return "application_name = '" + dataSource.getCurrentSchema() + "'";
  }
}
