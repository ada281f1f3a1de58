package dev.taskport.adapter.postgres.migration.legacy;

import dev.taskport.domain.Description;
import dev.taskport.domain.InvalidValueException;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts rows of a table that is to be taken over. Each method reads the whole table. */
final class LegacyRows {

  private LegacyRows() {}

  /** One line for each required column that has missing values. */
  static List<String> missingValues(Connection connection, LegacyTable table, List<String> columns)
      throws SQLException {
    List<String> lines = new ArrayList<>();
    for (String column : columns) {
      try (Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery(
                  "SELECT count(*) FROM %s WHERE %s IS NULL".formatted(table.name(), column))) {
        row.next();
        if (row.getLong(1) > 0) {
          lines.add("%d rows have no %s: give them one".formatted(row.getLong(1), column));
        }
      }
    }
    return lines;
  }

  /** A line if the title and user id of some rows are together too long for an index. */
  static List<String> tooLong(Connection connection, LegacyTable table, int bytes)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*), min(id::text) FROM %s WHERE octet_length(title) + octet_length(user_id::text) > %d"
                    .formatted(table.name(), bytes))) {
      row.next();
      return row.getLong(1) == 0
          ? List.of()
          : List.of(
              "%d rows have a title and a user_id of more than %d bytes together, too long for an index, such as id %s: shorten them"
                  .formatted(row.getLong(1), bytes, row.getString(2)));
    }
  }

  /** Says how many rows there are, and how many would be refused as input today. */
  static String summary(Connection connection, LegacyTable table) throws SQLException {
    long rows = 0;
    long refused = 0;
    long unreachable = 0;
    connection.setAutoCommit(false); // else the driver would fetch all rows at once
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(1000);
      try (ResultSet row =
          statement.executeQuery("SELECT user_id, title, description FROM " + table.name())) {
        while (row.next()) {
          rows++;
          if (!isLetIn(UserId::parse, row.getString(1))) {
            unreachable++;
          } else if (!isLetIn(Title::parse, row.getString(2))
              || (row.getString(3) != null && !isLetIn(Description::parse, row.getString(3)))) {
            refused++;
          }
        }
      }
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
    String summary =
        "It holds %d rows, all kept; %d of them hold what today's input rules refuse and stay as they are, listed and editable."
            .formatted(rows, refused);
    return unreachable == 0
        ? summary
        : summary
            + " %d more belong to user ids that no request can name today (blank, with control characters): kept, but reached again only when given another user_id."
                .formatted(unreachable);
  }

  private static boolean isLetIn(Consumer<String> parse, @Nullable String value) {
    if (value == null) {
      return false;
    }
    try {
      parse.accept(value);
      return true;
    } catch (InvalidValueException e) {
      return false;
    }
  }
}
