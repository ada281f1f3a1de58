package dev.taskport.bench;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.adapter.postgres.address.DatabaseUrl;
import dev.taskport.adapter.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The measured PostgreSQL server: an embedded or an external one. */
final class Server implements AutoCloseable {
  private final @Nullable EmbeddedPostgres embedded;
  private final DatabaseAddress database;

  private Server(@Nullable EmbeddedPostgres embedded, DatabaseAddress database) {
    this.embedded = embedded;
    this.database = database;
  }

  /**
   * @param url an external database; empty for an embedded server
   * @param folder the data folder of the embedded server
   */
  static Server open(String url, Path folder) {
    if (!url.isEmpty()) {
      return new Server(null, DatabaseUrl.parse(url));
    }
    EmbeddedPostgres embedded = EmbeddedPostgres.start(folder);
    return new Server(
        embedded,
        new DatabaseAddress(embedded.jdbcUrl(), embedded.username(), embedded.password()));
  }

  /** The address of the database with this schema in the search path. */
  DatabaseAddress schema(String name) {
    return with("currentSchema=" + name, database);
  }

  /** The same, after dropping the schema and creating it empty. */
  DatabaseAddress newSchema(String name) throws SQLException {
    drop(name);
    execute("CREATE SCHEMA " + name);
    return schema(name);
  }

  void drop(String schema) throws SQLException {
    execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
  }

  /** The same database with an additional parameter in the URL. */
  static DatabaseAddress with(String parameter, DatabaseAddress address) {
    String url = address.jdbcUrl();
    return new DatabaseAddress(
        url + (url.contains("?") ? "&" : "?") + parameter, address.username(), address.password());
  }

  /**
   * A short description of the server. Refuses a version whose counters can't be flushed on demand.
   */
  String version() throws SQLException {
    if (Integer.parseInt(text("SHOW server_version_num")) < 150_000) {
      throw new IllegalArgumentException("The benchmark needs PostgreSQL 15 or later");
    }
    return "PostgreSQL %s (%s, shared_buffers %s)"
        .formatted(
            text("SELECT split_part(current_setting('server_version'), ' ', 1)"),
            embedded == null ? "at BENCH_DATABASE_URL" : "embedded",
            text("SHOW shared_buffers"));
  }

  /** The result of the query; empty for null. */
  String text(String query) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return Objects.requireNonNullElse(row.getString(1), "");
    }
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() {
    if (embedded != null) {
      embedded.close();
    }
  }
}
