package dev.taskport.adapter.postgres.dump;

import dev.taskport.adapter.postgres.dump.DumpFormat.Column;
import dev.taskport.adapter.postgres.migration.Migrations;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;

/**
 * Restores a {@link Dump} into a database without tasks. It creates the schema of the dump's
 * version, loads all rows in one transaction, and migrates the schema to the newest version.
 */
public final class Restore {

  private static final Pattern COLUMN =
      Pattern.compile("([a-z_][a-z0-9_$]*|\"(?:[^\"]|\"\")+\") (.+)");
  private static final Pattern VERSION = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9}){0,3}");

  private final DataSource dataSource;

  /**
   * @param dataSource opens connections as a migration needs them: directly to the server, with a
   *     role that may create tables
   */
  public Restore(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * Restores the file. A restore that fails or is killed leaves no rows in the database, and can be
   * repeated.
   *
   * @return the number of tasks in the database
   * @throws DumpException when the file is not a dump, is damaged or incomplete, or has a schema
   *     version that this release doesn't know; or when the database isn't empty or can't be
   *     reached
   * @throws dev.taskport.adapter.postgres.migration.lock.MigrationException when the schema can't
   *     be created
   */
  public long read(Path file) {
    Path source = file.toAbsolutePath();
    try {
      String version = verify(source);
      Migrations migrations = new Migrations(dataSource);
      if (isToBeMigrated(version)) {
        migrations.migrateTo(version);
      }
      long tasks = load(source);
      migrations.migrate();
      return tasks;
    } catch (FileSystemException e) {
      throw new DumpException(source + " can't be read: " + DumpFormat.words(e), e);
    } catch (IOException e) {
      throw new DumpException(source + " can't be read: " + e.getMessage(), e);
    } catch (SQLException e) {
      throw new DumpException("the dump can't be restored: " + DumpFormat.words(e), e);
    }
  }

  /** Checks the whole file before anything is changed, and returns its schema version. */
  private static String verify(Path file) throws IOException {
    try (DumpLines lines = new DumpLines(file)) {
      String version = header(lines, file);
      while (lines.next() != null) {
        // Only the last line counts, because a row may look the same.
      }
      if (!lines.isConfirmedByLast()) {
        throw new DumpException(
            file + " is incomplete or damaged: its last line doesn't confirm those above it");
      }
      return version;
    }
  }

  private static String header(DumpLines lines, Path file) throws IOException {
    String first = lines.text();
    String second = lines.text();
    String version =
        second.startsWith(DumpFormat.SCHEMA) ? second.substring(DumpFormat.SCHEMA.length()) : "";
    if (!first.equals(DumpFormat.FIRST_LINE) || !VERSION.matcher(version).matches()) {
      throw new DumpException(file + " is no dump that this release of Taskport can read");
    }
    return version;
  }

  /** Refuses a database into which the rows can't be restored. */
  private boolean isToBeMigrated(String version) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      Optional<String> current = Migrations.version(connection);
      for (String table : DumpFormat.TABLES) {
        if (exists(connection, table)) {
          if (current.isEmpty()) {
            throw new DumpException(
                "the database holds a table "
                    + table
                    + " that is not Taskport's: name another one");
          }
          refuseRows(connection, table);
        }
      }
      if (current.isPresent() && !current.get().equals(version)) {
        throw new DumpException(
            "the database has version %s of the schema already and the dump is of version %s: restore it into a new database"
                .formatted(current.get(), version));
      }
      return current.isEmpty();
    }
  }

  private static boolean exists(Connection connection, String table) throws SQLException {
    return truth(connection, "SELECT to_regclass('" + table + "') IS NOT NULL");
  }

  private static void refuseRows(Connection connection, String table) throws SQLException {
    if (truth(connection, "SELECT EXISTS (SELECT FROM " + table + ")")) {
      throw new DumpException(
          "the database isn't empty, there are rows in its table %s: restore into a new database"
              .formatted(table));
    }
  }

  private static boolean truth(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getBoolean(1);
    }
  }

  private long load(Path file) throws IOException, SQLException {
    try (DumpLines lines = new DumpLines(file);
        Connection connection = dataSource.getConnection()) {
      header(lines, file);
      DumpFormat.begin(connection);
      for (String table : DumpFormat.TABLES) {
        if (exists(connection, table)) {
          execute(connection, "LOCK TABLE " + table + " IN EXCLUSIVE MODE");
          refuseRows(connection, table);
        }
      }
      // The tasks keep their numbers.
      execute(connection, "ALTER TABLE tasks DISABLE TRIGGER USER");
      CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
      List<Column> columns = new ArrayList<>();
      long tasks = 0;
      for (String line = lines.text(); !line.startsWith(DumpFormat.COMPLETE); line = lines.text()) {
        if (line.startsWith(DumpFormat.COLUMN)) {
          columns.add(column(line, file));
        } else if (!line.isEmpty()) {
          String table = table(line, columns, file);
          addMissing(connection, table, columns);
          long rows = load(lines, copy.copyIn(copyIn(table, columns)));
          tasks += table.equals("tasks") ? rows : 0;
          execute(connection, "ANALYZE " + table);
          columns.clear();
        }
      }
      execute(connection, "ALTER TABLE tasks ENABLE TRIGGER USER");
      if (exists(connection, "change_logs")) {
        // A dump by a release of V1.7 has the tasks' numbers, but no logs.
        execute(
            connection,
            """
            INSERT INTO change_logs AS log (user_id, number)
            SELECT user_id, max(change_number) FROM tasks WHERE change_number > 0 GROUP BY user_id
            ON CONFLICT (user_id) DO UPDATE SET number = greatest(log.number, excluded.number)""");
        // What happened after the dump is lost: whoever has read it must start over.
        execute(connection, "UPDATE change_logs SET started_at = clock_timestamp()");
      }
      connection.commit();
      return tasks;
    }
  }

  private static String copyIn(String table, List<Column> columns) {
    String sql = DumpFormat.copyIn(table, columns);
    return sql.substring(0, sql.length() - 1);
  }

  private static Column column(String line, Path file) {
    Matcher column = COLUMN.matcher(line.substring(DumpFormat.COLUMN.length()));
    if (!column.matches()) {
      throw notUnderstood(file, line);
    }
    return new Column(column.group(1), column.group(2));
  }

  /** The table whose rows follow the line. The line is only parsed, never executed as SQL. */
  private static String table(String line, List<Column> columns, Path file) {
    return DumpFormat.TABLES.stream()
        .filter(table -> line.equals(DumpFormat.copyIn(table, columns)))
        .findFirst()
        .orElseThrow(() -> notUnderstood(file, line));
  }

  private static DumpException notUnderstood(Path file, String line) {
    String start = line.length() > 80 ? line.substring(0, 80) + "…" : line;
    return new DumpException(
        "%s has a line that this release of Taskport doesn't understand: %s"
            .formatted(file, start));
  }

  /** Adds the columns that only the dumped database's table had. */
  private static void addMissing(Connection connection, String table, List<Column> columns)
      throws SQLException {
    Set<String> known = new HashSet<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT quote_ident(attname) FROM pg_attribute
            WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped""")) {
      statement.setString(1, table);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          known.add(rows.getString(1));
        }
      }
    }
    for (Column column : columns) {
      if (!known.contains(column.name())) {
        requireType(connection, table, column);
        execute(
            connection,
            "ALTER TABLE %s ADD COLUMN %s %s".formatted(table, column.name(), column.type()));
      }
    }
  }

  /**
   * Refuses any text that isn't exactly a type of this database, before it becomes part of a
   * statement.
   */
  private static void requireType(Connection connection, String table, Column column)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT to_regtype(?) IS NOT NULL")) {
      statement.setString(1, column.type());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        if (!row.getBoolean(1)) {
          throw new DumpException(
              "column %s of table %s is of the type %s, which this database doesn't have: create it"
                  .formatted(column.name(), table, column.type()));
        }
      }
    }
  }

  private static long load(DumpLines lines, CopyIn rows) throws IOException, SQLException {
    byte[] end = DumpFormat.line(DumpFormat.END_OF_ROWS);
    try {
      for (byte[] line = lines.next();
          line != null && !Arrays.equals(line, end);
          line = lines.next()) {
        rows.writeToCopy(line, 0, line.length);
      }
      return rows.endCopy();
    } finally {
      if (rows.isActive()) {
        rows.cancelCopy();
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
