package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.adapter.postgres.address.DatabaseUrl;
import dev.taskport.adapter.postgres.embedded.EmbeddedPostgres;
import dev.taskport.adapter.postgres.migration.Migrations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A real server for tests: one for the JVM, started when first asked for and stopped at the JVM's
 * end; or the one that {@code TEST_DATABASE_URL} names, of any release, with a superuser. Each call
 * hands out a schema of its own on it, so that tests don't see each other's tables.
 */
public final class TestDatabase {

  private static final AtomicInteger SCHEMAS = new AtomicInteger();

  private TestDatabase() {}

  /** An empty schema. */
  public static PGSimpleDataSource empty() {
    String schema = "test_" + SCHEMAS.incrementAndGet();
    PGSimpleDataSource dataSource = connect(Server.OWNER);
    execute(dataSource, "DROP SCHEMA IF EXISTS %1$s CASCADE; CREATE SCHEMA %1$s".formatted(schema));
    dataSource.setCurrentSchema(schema);
    return dataSource;
  }

  /** A schema as {@link Migrations} makes it, without rows. */
  public static PGSimpleDataSource migrated() {
    PGSimpleDataSource dataSource = empty();
    new Migrations(dataSource).migrate();
    return dataSource;
  }

  /** The server's superuser, in the schema {@code public}. */
  public static PGSimpleDataSource superuser() {
    return connect(Server.SUPERUSER);
  }

  /** Another role than the one that owns the schemas, without any rights in them. */
  public static PGSimpleDataSource stranger(PGSimpleDataSource database) {
    String role = "stranger_" + SCHEMAS.incrementAndGet();
    execute(superuser(), "CREATE ROLE %s LOGIN PASSWORD 'stranger'".formatted(role));
    execute(
        database, "GRANT USAGE ON SCHEMA %s TO %s".formatted(database.getCurrentSchema(), role));
    PGSimpleDataSource stranger =
        connect(new DatabaseAddress(Server.OWNER.jdbcUrl(), role, "stranger"));
    stranger.setCurrentSchema(database.getCurrentSchema());
    return stranger;
  }

  public static void execute(PGSimpleDataSource dataSource, String sql) {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The first column of the first row, as text; times as they read in UTC. */
  public static String query(PGSimpleDataSource dataSource, String sql) {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET TIME ZONE 'UTC'");
      try (ResultSet row = statement.executeQuery(sql)) {
        row.next();
        return String.valueOf(row.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static PGSimpleDataSource connect(DatabaseAddress address) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setUrl(address.jdbcUrl());
    dataSource.setUser(address.username());
    dataSource.setPassword(address.password());
    return dataSource;
  }

  private static final class Server {
    static final DatabaseAddress OWNER;
    static final DatabaseAddress SUPERUSER;

    static {
      String given = System.getenv("TEST_DATABASE_URL");
      if (given != null) {
        SUPERUSER = DatabaseUrl.parse(given);
        OWNER = SUPERUSER;
      } else {
        try {
          Path folder = Files.createTempDirectory("taskport-test");
          EmbeddedPostgres postgres = EmbeddedPostgres.start(folder);
          Runtime.getRuntime().addShutdownHook(new Thread(() -> end(postgres, folder)));
          String url = postgres.jdbcUrl();
          OWNER = new DatabaseAddress(url, postgres.username(), postgres.password());
          SUPERUSER = new DatabaseAddress(url, "postgres", superuserPassword(folder));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    /** From the file that the server keeps for psql. */
    private static String superuserPassword(Path folder) throws IOException {
      String start = "127.0.0.1:*:*:postgres:";
      return Files.readAllLines(folder.resolve("cluster/pgpass")).stream()
          .filter(line -> line.startsWith(start))
          .map(line -> line.substring(start.length()))
          .findFirst()
          .orElseThrow();
    }

    private static void end(EmbeddedPostgres postgres, Path folder) {
      postgres.close();
      try (Stream<Path> tree = Files.walk(folder)) {
        for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
