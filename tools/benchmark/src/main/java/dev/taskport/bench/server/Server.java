package dev.taskport.bench.server;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.adapter.postgres.address.DatabaseUrl;
import dev.taskport.adapter.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The measured PostgreSQL server: an embedded or an external one. */
public final class Server implements AutoCloseable {
  private static final long SECONDS_TO_START = 60;

  private final AutoCloseable owned;
  private final DatabaseAddress database;
  private final String origin;

  private Server(AutoCloseable owned, DatabaseAddress database, String origin) {
    this.owned = owned;
    this.database = database;
    this.origin = origin;
  }

  /**
   * Opens an external database, or starts an embedded server.
   *
   * @param url an external database; empty for an embedded server
   * @param folder the data folder of the embedded server
   */
  public static Server open(String url, Path folder) {
    if (!url.isEmpty()) {
      return new Server(() -> {}, DatabaseUrl.parse(url), "external");
    }
    EmbeddedPostgres embedded = EmbeddedPostgres.start(folder);
    return new Server(
        embedded,
        new DatabaseAddress(embedded.jdbcUrl(), embedded.username(), embedded.password()),
        "embedded");
  }

  /**
   * Starts a server of the programs in a folder.
   *
   * @param data where its data is kept
   */
  public static Server local(Path programs, Path data) {
    LocalPostgres local = LocalPostgres.start(programs, data);
    Server server = new Server(local, DatabaseUrl.parse(local.url()), "of this machine");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_START);
    while (true) {
      try {
        server.text("SELECT 1");
        return server;
      } catch (SQLException e) {
        if (System.nanoTime() > deadline) {
          local.close();
          throw new IllegalStateException("PostgreSQL does not start: see " + data + ".log", e);
        }
        Thread.onSpinWait();
      }
    }
  }

  /** The address of the database. */
  public DatabaseAddress address() {
    return database;
  }

  /** The address of the database with this schema in the search path. */
  public DatabaseAddress schema(String name) {
    return with("currentSchema=" + name, database);
  }

  /** The same, after dropping the schema and creating it empty. */
  public DatabaseAddress newSchema(String name) throws SQLException {
    drop(name);
    execute("CREATE SCHEMA " + name);
    return schema(name);
  }

  public void drop(String schema) throws SQLException {
    execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
  }

  /** The same database with an additional parameter in the URL. */
  public static DatabaseAddress with(String parameter, DatabaseAddress address) {
    String url = address.jdbcUrl();
    return new DatabaseAddress(
        url + (url.contains("?") ? "&" : "?") + parameter, address.username(), address.password());
  }

  /**
   * A short description of the server. Refuses a version whose counters can't be flushed on demand.
   */
  public String version() throws SQLException {
    if (Integer.parseInt(text("SHOW server_version_num")) < 150_000) {
      throw new IllegalArgumentException("The benchmark needs PostgreSQL 15 or later");
    }
    return "PostgreSQL %s (%s, shared_buffers %s)"
        .formatted(
            text("SELECT split_part(current_setting('server_version'), ' ', 1)"),
            origin,
            text("SHOW shared_buffers"));
  }

  /** The result of the query; empty for null. */
  public String text(String query) throws SQLException {
    return ask(query, text -> text);
  }

  /** What the function makes of the query's result, before the connection is closed. */
  public <T> T ask(String query, Function<String, T> function) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return function.apply(Objects.requireNonNullElse(row.getString(1), ""));
    }
  }

  public void execute(String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() {
    try {
      owned.close();
    } catch (Exception e) {
      throw new IllegalStateException("PostgreSQL does not stop", e);
    }
  }
}
