package dev.taskport.adapter.postgres.migration.legacy;

import dev.taskport.adapter.postgres.migration.legacy.LegacyTable.Column;
import dev.taskport.adapter.postgres.migration.legacy.LegacyTable.Index;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The columns and the key of {@code V1__tasks.sql}, which the old backend's table must get. */
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
   * The most bytes that a title and its user's id may have together. An index entry holds 2,704
   * bytes, which include the other columns and headers.
   */
  static final int MOST_INDEXED_BYTES = 2600;

  private TargetShape() {}

  /** Whether the types of title and user_id allow more than fits into an index entry. */
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

  /** Whether {@code V1.4__fields.sql} creates a column with this name. */
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

  /** Whether the change of its type rewrites the table. */
  static boolean isRewritten(Column column) {
    return column.name().equals("user_id") && column.type().equals("uuid");
  }

  /** Whether it is a text column that must become longer. */
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

  /** Columns that still allow NULL but must not. */
  static List<String> nullable(LegacyTable table) {
    return table.columns().stream()
        .filter(column -> REQUIRED.contains(column.name()) && !column.required())
        .map(Column::name)
        .toList();
  }

  /** Whether the index contains a time whose type changes. */
  static boolean isRetyped(LegacyTable table, Index index) {
    return TIMES.stream()
        .filter(index.columns()::contains)
        .flatMap(time -> table.column(time).stream())
        .anyMatch(TargetShape::isRetyped);
  }
}
