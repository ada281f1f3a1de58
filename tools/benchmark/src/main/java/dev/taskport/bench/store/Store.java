package dev.taskport.bench.store;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.adapter.postgres.database.DatabaseProperties;
import dev.taskport.bench.server.Server;
import io.micronaut.context.ApplicationContext;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

/** The use cases on one schema, wired as in the service, but with a single connection. */
final class Store implements AutoCloseable {
  private final ApplicationContext context;

  private Store(ApplicationContext context) {
    this.context = context;
  }

  static Store on(DatabaseAddress address) {
    // Reads that exceed the service's timeout are measured too.
    DatabaseAddress patient = Server.with("socketTimeout=330", address);
    return new Store(
        ApplicationContext.builder()
            .banner(false)
            .properties(
                DatabaseProperties.of(
                    patient.jdbcUrl(),
                    patient.username(),
                    patient.password(),
                    1,
                    Duration.ofMinutes(5),
                    true))
            .start());
  }

  <T> T useCase(Class<T> type) {
    return context.getBean(type);
  }

  /**
   * The number of pages of the table and its indexes that the connection has read so far, cached or
   * not.
   */
  long pagesRead() throws SQLException {
    try (Connection connection = context.getBean(DataSource.class).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_stat_force_next_flush()");
      try (ResultSet row =
          statement.executeQuery(
              """
              SELECT heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit
              FROM pg_statio_user_tables
              WHERE relid = 'tasks'::regclass
              """)) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
