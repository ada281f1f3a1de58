package dev.taskport.adapter.postgres.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Data folders to begin with, so that not every test unpacks 60 MB, and SQL on what runs there. */
final class EmbeddedFixture {

  private static @Nullable Path template;

  private EmbeddedFixture() {}

  /**
   * Fills a folder as a service that ran once and was stopped leaves it, with a row 42 in {@code
   * kept}.
   */
  static Path usedFolder(Path target) throws IOException, SQLException {
    return copy(template(), target);
  }

  /** Fills a folder with unpacked programs only: the database is still to be made. */
  static Path unpackedFolder(Path target) throws IOException, SQLException {
    copy(template(), target, "binaries");
    return copy(template(), target, "taskport.lock");
  }

  private static synchronized Path template() throws IOException, SQLException {
    Path made = template;
    if (made == null) {
      made = Files.createTempDirectory("taskport-template");
      Path folder = made;
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      try (EmbeddedPostgres postgres = EmbeddedPostgres.start(made)) {
        execute(postgres, "CREATE TABLE kept (n bigint PRIMARY KEY)");
        execute(postgres, "INSERT INTO kept VALUES (42)");
      }
      template = made;
    }
    return made;
  }

  static Path copy(Path source, Path target) throws IOException {
    return copy(source, target, "");
  }

  private static Path copy(Path source, Path target, String part) throws IOException {
    try (Stream<Path> tree = Files.walk(source.resolve(part))) {
      for (Path from : tree.toList()) {
        Path to = target.resolve(source.relativize(from).toString());
        if (!Files.isDirectory(to)) {
          Files.createDirectories(to.resolveSibling("."));
          Files.copy(from, to, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
    return target;
  }

  private static void delete(Path folder) {
    try (Stream<Path> tree = Files.walk(folder)) {
      List<Path> all = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path path : all) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
    try (Connection connection = connect(postgres);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of the first row. */
  static String query(EmbeddedPostgres postgres, String sql) throws SQLException {
    try (Connection connection = connect(postgres);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  static Connection connect(EmbeddedPostgres postgres) throws SQLException {
    return DriverManager.getConnection(
        postgres.jdbcUrl(), postgres.username(), postgres.password());
  }
}
