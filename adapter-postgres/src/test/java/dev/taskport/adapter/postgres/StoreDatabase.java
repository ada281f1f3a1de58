package dev.taskport.adapter.postgres;

import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/** A migrated schema for a store, and what only its server can do or tell. */
final class StoreDatabase {
  private final PGSimpleDataSource dataSource = TestDatabase.migrated();

  private StoreDatabase() {}

  static StoreDatabase create() {
    return new StoreDatabase();
  }

  /** Connections that have nothing to do with the store. */
  PGSimpleDataSource dataSource() {
    return dataSource;
  }

  int port() {
    return dataSource.getPortNumbers()[0];
  }

  /** How a store reaches it. */
  String jdbcUrl() {
    return jdbcUrl(port());
  }

  /** ... through another port. The store's connections bear the schema's name. */
  String jdbcUrl(int port) {
    String schema = dataSource.getCurrentSchema();
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, dataSource.getDatabaseName())
        + "?currentSchema=%s&ApplicationName=%s&sslmode=disable&gssEncMode=disable"
            .formatted(schema, schema);
  }

  void execute(String sql) {
    TestDatabase.execute(dataSource, sql);
  }

  long number(String sql) {
    return Long.parseLong(TestDatabase.query(dataSource, sql));
  }

  /** Ends the store's connections, as a server does that restarts. */
  void endConnections() {
    number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE " + ofStore());
  }

  /** Returns when a statement of the store waits for a lock. */
  void awaitWaiting() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    String waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND " + ofStore();
    while (number(waiting) == 0) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("No statement waits for a lock");
      }
    }
  }

  private String ofStore() {
    return "application_name = '" + dataSource.getCurrentSchema() + "'";
  }
}
