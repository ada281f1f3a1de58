package dev.taskport.adapter.postgres.database;

import com.zaxxer.hikari.HikariDataSource;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Opens connections beside the pool, to the server where the pool's lead. Thread-safe. */
@Singleton
public final class FurtherConnections {
  private final HikariDataSource pool;
  private final SchemaReadiness schema;
  private final AtomicInteger generation = new AtomicInteger();

  FurtherConnections(DataSource dataSource, @Nullable SchemaReadiness schema) {
    pool = (HikariDataSource) dataSource;
    this.schema = schema == null ? SchemaReadiness.ready() : schema;
  }

  /** Whether there is a schema to read. */
  public boolean isSchemaReady() {
    return schema.isReady();
  }

  /**
   * Rises when the pool's connections are given up, because one was lost or its server is no longer
   * the primary: those that were opened before may be as bad.
   */
  public int generation() {
    return generation.get();
  }

  void giveUp() {
    generation.incrementAndGet();
  }

  /**
   * Opens a connection over a socket that a factory makes.
   *
   * @param socketFactory the class for pgjdbc's property {@code socketFactory}
   * @param argument for the class
   * @throws SQLFeatureNotSupportedException when it would lead through a pooler, or {@code
   *     DATABASE_URL} has a factory of its own
   * @throws SQLException when it can't be opened now
   */
  public Connection open(Class<?> socketFactory, String argument) throws SQLException {
    if (pool.getDataSource() instanceof PrimaryDataSource primary) {
      return primary.openBy(
          socketFactory.getName(), argument, pool.getUsername(), pool.getPassword());
    }
    throw new SQLFeatureNotSupportedException("The pool opens its connections in another way");
  }
}
