package dev.taskport.adapter.postgres.dump;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.util.PSQLException;

/**
 * The format of a dump: a {@code psql} script in UTF-8. It contains the rows, but doesn't create
 * the tables; the migrations do.
 *
 * <pre>
 *   -- Taskport dump, format 1
 *   -- Schema 1.3
 *
 *   -- Column user_id character varying(255)
 *   …
 *   COPY tasks (user_id, …) FROM stdin;
 *   a row a line, in PostgreSQL's text format of COPY
 *   \.
 *   … the other tables likewise …
 *   -- Complete, SHA-256 of the lines above: 0123…
 * </pre>
 */
final class DumpFormat {

  static final String FIRST_LINE = "-- Taskport dump, format 1";
  static final String SCHEMA = "-- Schema ";
  static final String COLUMN = "-- Column ";
  static final String END_OF_ROWS = "\\.";
  static final String COMPLETE = "-- Complete, SHA-256 of the lines above: ";

  /**
   * All tables with users' data. Of the schema's history, the dump only contains the version. The
   * log comes before the tasks: where psql loads the dump, triggers write to the log.
   */
  static final List<String> TABLES =
      List.of("change_logs", "forgotten_changes", "deleted_tasks", "tasks", "idempotency_keys");

  private DumpFormat() {}

  /**
   * @param name as in SQL, quoted if necessary
   * @param type as in SQL
   */
  record Column(String name, String type) {}

  static String copyIn(String table, List<Column> columns) {
    return "COPY " + table + " (" + names(columns) + ") FROM stdin;";
  }

  static String copyOut(String table, List<Column> columns) {
    // Copies a query, because COPY of a partitioned table would find no rows.
    return "COPY (SELECT " + names(columns) + " FROM " + table + ") TO STDOUT";
  }

  private static String names(List<Column> columns) {
    return columns.stream().map(Column::name).collect(Collectors.joining(", "));
  }

  static byte[] line(String text) {
    return (text + "\n").getBytes(UTF_8);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every Java platform has SHA-256", e);
    }
  }

  /**
   * Settings for a transaction whose text output is the same on every server, without a time limit.
   */
  static void begin(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "SET LOCAL TIME ZONE 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'iso_8601';"
              + " SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1;"
              + " SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '10s';"
              + " SET LOCAL idle_in_transaction_session_timeout = 0");
    }
  }

  /** The server's message without its detail, which may contain data of a row. */
  static String words(SQLException failure) {
    if (failure instanceof PSQLException answer && answer.getServerErrorMessage() != null) {
      return String.valueOf(answer.getServerErrorMessage().getMessage());
    }
    return String.valueOf(failure.getMessage());
  }

  static String words(FileSystemException failure) {
    String reason = failure.getReason();
    if (reason != null) {
      return reason;
    }
    if (failure instanceof AccessDeniedException) {
      return "Permission denied";
    }
    return failure instanceof NoSuchFileException
        ? "No such file or directory"
        : failure.getClass().getSimpleName();
  }
}
