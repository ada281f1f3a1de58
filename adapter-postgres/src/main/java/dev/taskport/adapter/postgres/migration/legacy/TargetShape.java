package dev.taskport.adapter.postgres.migration.legacy;

import dev.taskport.adapter.postgres.migration.legacy.LegacyTable.Column;
import dev.taskport.adapter.postgres.migration.legacy.LegacyTable.Index;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the old backend's table has to become: the columns and the key of {@code V1__tasks.sql}. */
final class TargetShape {
  static final String PRIMARY_KEY = LegacyTable.PRIMARY_KEY;
  static final String PRIMARY_KEY_KEYS = "btree (user_id, id)";
  static final String TIME = "timestamp with time zone";
  static final Pattern ANY_TIME = Pattern.compile("timestamp(\\(\\d\\))? (with|without) time zone");
  static final Pattern VARCHAR = Pattern.compile("character varying(?:\\((\\d+)\\))?");

  static final List<String> TIMES = List.of("created_at", "updated_at");
  static final Map<String, Integer> TEXTS = lengths();
  private static final List<String> FIELDS = List.of("priority", "tags", "due_date", "due_all_day");
  private static final List<String> REQUIRED =
      List.of("user_id", "id", "title", "completed", "created_at", "updated_at");

  /**
   * How many bytes a title and its user's id may have together: an entry of an index holds 2,704,
   * with the other columns and the headers.
   */
  static final int MOST_INDEXED_BYTES = 2600;

  private TargetShape() {}

  /** Whether a column's type lets more in than fits into an entry of an index. */
  static boolean mayBeTooLongForAnIndex(LegacyTable table) {
    return List.of("user_id", "title").stream()
        .flatMap(name -> table.column(name).stream())
        .anyMatch(column -> !fits(column, TEXTS.getOrDefault(column.name(), 0)));
  }

  private static boolean fits(Column column, int length) {
    Matcher varchar = VARCHAR.matcher(column.type());
    return isRewritten(column)
        || (varchar.matches()
            && varchar.group(1) != null
            && Integer.parseInt(varchar.group(1)) <= length);
  }

  /** Whether {@code V1.4__fields.sql} creates a column of that name. */
  static boolean isField(String name) {
    return FIELDS.contains(name);
  }

  /** Whether the column is part of the new shape. */
  static boolean isOurs(Column column) {
    return REQUIRED.contains(column.name())
        || TEXTS.containsKey(column.name())
        || column.name().equals("version")
        || isField(column.name());
  }

  /** Whether its type changes in a way that writes each row anew. */
  static boolean isRewritten(Column column) {
    return column.name().equals("user_id") && column.type().equals("uuid");
  }

  /** Whether it is a text that has to hold more. */
  static boolean isWidened(Column column) {
    Integer length = TEXTS.get(column.name());
    Matcher varchar = VARCHAR.matcher(column.type());
    return length != null
        && varchar.matches()
        && varchar.group(1) != null
        && Integer.parseInt(varchar.group(1)) < length;
  }

  /** Whether its type changes. */
  static boolean isRetyped(Column column) {
    return isRewritten(column)
        || isWidened(column)
        || (TIMES.contains(column.name()) && !column.type().equals(TIME));
  }

  private static Map<String, Integer> lengths() {
    Map<String, Integer> lengths = new LinkedHashMap<>();
    lengths.put("user_id", 255);
    lengths.put("title", 200);
    lengths.put("description", 1000);
    return lengths;
  }

  /** Columns that must not be NULL but may be, so far. */
  static List<String> nullable(LegacyTable table) {
    return table.columns().stream()
        .filter(column -> REQUIRED.contains(column.name()) && !column.required())
        .map(Column::name)
        .toList();
  }

  /** Whether a time that the index names changes its type. */
  static boolean isRetyped(LegacyTable table, Index index) {
    return TIMES.stream()
        .filter(index.columns()::contains)
        .flatMap(time -> table.column(time).stream())
        .anyMatch(TargetShape::isRetyped);
  }
}
