package dev.taskport.adapter.postgres.dump;

import dev.taskport.adapter.postgres.dump.DumpFormat.Column;
import dev.taskport.adapter.postgres.migration.Migrations;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * Writes all tasks and idempotency keys of a database into a file that {@link Restore} reads, also
 * with a later release of Taskport or PostgreSQL. The dump is a consistent snapshot, even during
 * writes. All other tables of the schema are left out.
 */
public final class Dump {

  private final DataSource dataSource;

  /**
   * @param dataSource opens connections with a role that may read the tables
   */
  public Dump(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * Writes the file, which only its owner may read. The file appears when it is complete and on the
   * disk. Until then, or after a killed dump, only a {@code FILE.part} may exist.
   *
   * @return how many tasks are in it
   * @throws DumpException when the file exists already, its folder doesn't exist, the disk is full,
   *     or the database can't be read or has no schema of Taskport
   */
  public long write(Path file) {
    Path target = file.toAbsolutePath();
    if (Files.exists(target)) {
      throw new DumpException(target + " is there already: delete it, or name another file");
    }
    Path part = target.resolveSibling(target.getFileName() + ".part");
    part.toFile().deleteOnExit(); // Ctrl-C ends the process without returning here
    try {
      try {
        long tasks = writeDurably(part);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        return tasks;
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (FileSystemException e) {
      throw new DumpException(target + " can't be written: " + DumpFormat.words(e), e);
    } catch (IOException e) {
      throw new DumpException(target + " can't be written: " + e.getMessage(), e);
    } catch (SQLException e) {
      throw new DumpException("the database can't be dumped: " + DumpFormat.words(e), e);
    }
  }

  private long writeDurably(Path part) throws IOException, SQLException {
    Files.deleteIfExists(part); // of a dump that was killed
    FileAttribute<?>[] ownersOnly =
        part.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    Files.createFile(part, ownersOnly);
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
      long tasks = write(out);
      out.flush();
      channel.force(true);
      return tasks;
    }
  }

  private long write(OutputStream out) throws IOException, SQLException {
    MessageDigest digest = DumpFormat.sha256();
    OutputStream digested = new DigestOutputStream(out, digest);
    long tasks = 0;
    try (Connection connection = dataSource.getConnection()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setReadOnly(true);
      DumpFormat.begin(connection);
      String version =
          Migrations.version(connection)
              .orElseThrow(
                  () ->
                      new DumpException(
                          "the database holds no schema of Taskport: nothing to dump"));
      digested.write(DumpFormat.line(DumpFormat.FIRST_LINE));
      digested.write(DumpFormat.line(DumpFormat.SCHEMA + version));
      CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
      for (String table : DumpFormat.TABLES) {
        List<Column> columns = columns(connection, table);
        if (!columns.isEmpty()) { // an older schema without that table
          long rows = write(digested, copy, table, columns);
          tasks += table.equals("tasks") ? rows : 0;
        }
      }
      connection.rollback();
    }
    out.write(DumpFormat.line(DumpFormat.COMPLETE + HexFormat.of().formatHex(digest.digest())));
    return tasks;
  }

  private static long write(OutputStream out, CopyManager copy, String table, List<Column> columns)
      throws IOException, SQLException {
    out.write(DumpFormat.line(""));
    for (Column column : columns) {
      out.write(DumpFormat.line(DumpFormat.COLUMN + column.name() + " " + column.type()));
    }
    out.write(DumpFormat.line(DumpFormat.copyIn(table, columns)));
    long rows = copy.copyOut(DumpFormat.copyOut(table, columns), out);
    out.write(DumpFormat.line(DumpFormat.END_OF_ROWS));
    return rows;
  }

  /** All columns, including additional ones of a table that was taken over. */
  private static List<Column> columns(Connection connection, String table) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT quote_ident(attname), format_type(atttypid, atttypmod) FROM pg_attribute
            WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
            ORDER BY attnum""")) {
      statement.setString(1, table);
      try (ResultSet rows = statement.executeQuery()) {
        List<Column> columns = new ArrayList<>();
        while (rows.next()) {
          Column column = new Column(rows.getString(1), rows.getString(2));
          if (column.toString().lines().count() > 1) {
            throw new DumpException(
                "a column of table " + table + " has a line break in its name: rename it");
          }
          columns.add(column);
        }
        return columns;
      }
    }
  }
}
