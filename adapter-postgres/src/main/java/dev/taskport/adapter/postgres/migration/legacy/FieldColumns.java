package dev.taskport.adapter.postgres.migration.legacy;

import dev.taskport.adapter.postgres.migration.legacy.LegacyTable.Column;
import dev.taskport.adapter.postgres.migration.legacy.LegacyTable.Index;
import dev.taskport.adapter.postgres.migration.lock.MigrationLock;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Columns that a table has before {@code V1.4__fields.sql} creates columns of the same names. They
 * come from an old backend, or an older release took the table over and kept them as foreign ones.
 * They get the type that the script would give them. Odd values are replaced, so that filters in
 * SQL agree with what is read.
 */
public final class FieldColumns {

  /** The version of the script that makes the columns. */
  public static final String SCRIPT = "1.4";

  private static final Logger LOG = LoggerFactory.getLogger(FieldColumns.class);

  private static final String PRIORITY = "priority";
  private static final String TAGS = "tags";
  private static final String DUE_DATE = "due_date";
  private static final String DUE_ALL_DAY = "due_all_day";
  private static final String DATE = "date";
  private static final Map<String, String> DEFAULTS = Map.of(PRIORITY, "'medium'", TAGS, "''");

  /** The check on due_date; a failed attempt may have left it. */
  private static final String RANGE = "tasks_due_date_in_range";

  /** The size of a batch: the rows on so many pages of the table's file. */
  private static final int PAGES = 500;

  private static final String FIRST = "'0001-01-01 00:00:00Z'";
  private static final String LAST = "'9999-12-31 23:59:59.999999Z'";

  /** What the domain strips from a tag: white space as Unicode and Java see it. */
  private static final String SPACE =
      "\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

  private static final String KNOWN_PRIORITY =
      "lower(priority COLLATE \"C\") IN ('low', 'medium', 'high', 'urgent')";

  private final LegacyTable table;
  private final List<Column> columns;

  public FieldColumns(LegacyTable table) {
    this.table = table;
    this.columns =
        table.columns().stream()
            .filter(column -> TargetShape.isField(column.name()))
            .filter(column -> !column.name().equals(DUE_ALL_DAY))
            .toList();
  }

  /** Why they can't become ours; empty when they can. */
  public List<String> refusals() {
    List<String> refusals = new ArrayList<>();
    table
        .column(DUE_ALL_DAY)
        .filter(column -> !isOurs(column))
        .ifPresent(
            column ->
                refusals.add(
                    "column due_all_day is taken (found " + column.type() + "): rename it"));
    for (Column column : columns) {
      if (!isAdoptable(column)) {
        refusals.add(
            "column %s is %s instead of %s: rename it, and copy its values over afterwards"
                .formatted(
                    column.name(),
                    column.type(),
                    column.name().equals(DUE_DATE) ? "timestamp or date" : "character varying"));
      } else if (column.generated()) {
        refusals.add("column " + column.name() + " is a generated one: rename it");
      }
    }
    for (LegacyTable.Constraint constraint : table.constraints()) {
      if (!constraint.type().equals("u")
          && !constraint.bareName().equals(RANGE)
          && !constraint.bareName().equals(MigrationStep.REQUIRED)
          && constraint.columns().stream().anyMatch(TargetShape::isField)) {
        refusals.add(
            "constraint %s (%s) could refuse what is to be stored: drop it first (ALTER TABLE %s DROP CONSTRAINT %1$s)"
                .formatted(constraint.name(), constraint.definition(), table.name()));
      }
    }
    for (Index index : table.indexes()) {
      if (index.unique() && index.columns().stream().anyMatch(TargetShape::isField)) {
        refusals.add(
            "unique index %s (%s) holds a task's field: drop it first"
                .formatted(index.name(), index.keys()));
      }
    }
    refusals.addAll(table.dependentsOf(FieldColumns::isRetyped));
    return refusals;
  }

  private static boolean isAdoptable(Column column) {
    return column.name().equals(DUE_DATE)
        ? isDate(column) || TargetShape.ANY_TIME.matcher(column.type()).matches()
        : column.type().equals("text") || TargetShape.VARCHAR.matcher(column.type()).matches();
  }

  private static boolean isDate(Column column) {
    return column.name().equals(DUE_DATE) && column.type().equals(DATE);
  }

  /** Whether {@link #changes} made this due_all_day, in an attempt that stopped afterwards. */
  private boolean isOurs(Column allDay) {
    return allDay.type().equals("boolean")
        && allDay.required()
        && allDay.filled()
        && table.column(DUE_DATE).filter(due -> due.type().equals(TargetShape.TIME)).isPresent();
  }

  /** Whether a type changes in a way that writes each row anew. */
  boolean isRewritten() {
    return table.column(DUE_DATE).filter(FieldColumns::isDate).isPresent();
  }

  private static boolean isRetyped(Column column) {
    return TargetShape.isField(column.name()) && !column.type().equals(type(column.name()));
  }

  private static String type(String name) {
    return name.equals(DUE_DATE) ? TargetShape.TIME : "text";
  }

  /** Says in lines for people what becomes of the columns. Reads the whole table. */
  public List<String> description(Connection connection) throws SQLException {
    List<String> lines = new ArrayList<>();
    for (Column column : columns) {
      lines.add(
          "Its column %s (%s) becomes the tasks' %1$s.".formatted(column.name(), column.type()));
    }
    if (isRewritten()) {
      lines.add(
          "Its due dates stay dates; for that all %,d MB are rewritten under a lock that lets nobody read or write, with as much free disk space."
              .formatted(table.bytes() >> 20));
    }
    if (has(PRIORITY)) {
      count(
          connection,
          lines,
          "%d rows have a priority that is none of low, medium, high and urgent, or none at all: they become medium.",
          "(" + KNOWN_PRIORITY + ") IS NOT TRUE");
    }
    if (has(DUE_DATE)) {
      count(
          connection,
          lines,
          "%d rows are due beyond the years 1 to 9999: they become the nearest within.",
          "due_date NOT BETWEEN " + FIRST + " AND " + LAST);
    }
    droppedIndexes().forEach(index -> lines.add(index.loss()));
    return lines;
  }

  /** The steps of {@link #run} in lines for people. */
  public List<String> plan() {
    return steps().stream().map(MigrationStep::description).toList();
  }

  /** Brings the columns into the form that V1.4 expects. Does nothing if there are none. */
  public void run(Connection connection, MigrationLock lock, Duration patience)
      throws SQLException {
    droppedIndexes().forEach(index -> LOG.info(index.loss()));
    MigrationStep.runAll(
        steps(), "making fields of columns of " + table.name(), connection, lock, patience);
  }

  private List<MigrationStep> steps() {
    List<MigrationStep> steps = new ArrayList<>();
    if (!columns.isEmpty()) {
      List<String> statements = new ArrayList<>();
      droppedIndexes().forEach(index -> statements.add("DROP INDEX " + index.name()));
      statements.add("ALTER TABLE " + table.name() + " " + String.join(", ", changes()));
      statements.addAll(changesAfterwards());
      String[] all = statements.toArray(String[]::new);
      steps.add(isRewritten() ? MigrationStep.rewriting(all) : MigrationStep.brief(all));
      steps.addAll(corrections());
      steps.addAll(MigrationStep.notNull(table, nullable()));
    }
    return steps;
  }

  /** All indexes on such columns: tags may be too long for an index, and lists use others. */
  List<Index> droppedIndexes() {
    return table.indexes().stream()
        .filter(index -> index.columns().stream().anyMatch(TargetShape::isField))
        .toList();
  }

  /** For an ALTER TABLE in UTC: types and defaults. */
  List<String> changes() {
    List<String> changes = new ArrayList<>();
    for (Column column : columns) {
      String alter = "ALTER " + column.name() + " ";
      if (isRetyped(column)) {
        // The old default might not be one of the new type.
        if (column.filled()) {
          changes.add(alter + "DROP DEFAULT");
        }
        changes.add(alter + "TYPE " + newType(column));
      }
      if (isDate(column)) {
        changes.add("ADD due_all_day boolean NOT NULL DEFAULT true");
      }
      String value = DEFAULTS.get(column.name());
      changes.add(alter + (value == null ? "DROP DEFAULT" : "SET DEFAULT " + value));
      if (value == null && column.required()) {
        changes.add(alter + "DROP NOT NULL");
      }
    }
    return changes.stream().distinct().toList();
  }

  private static String newType(Column column) {
    if (isDate(column)) {
      return "timestamptz USING " + corrected(DUE_DATE); // some dates are later than every time
    }
    return column.name().equals(DUE_DATE) ? "timestamptz" : "text";
  }

  /** Statements that follow in the same transaction. */
  List<String> changesAfterwards() {
    return isRewritten()
        ? List.of("ALTER TABLE " + table.name() + " ALTER due_all_day SET DEFAULT false")
        : List.of();
  }

  /**
   * The steps that replace odd values. They run in batches, so that a concurrent edit never waits
   * long, and once more for rows that an edit moved to an earlier page.
   */
  List<MigrationStep> corrections() {
    if (columns.isEmpty()) {
      return List.of();
    }
    List<String> names = new ArrayList<>(columns.stream().map(Column::name).toList());
    if (isRewritten() || has(DUE_ALL_DAY)) {
      names.add(DUE_ALL_DAY);
    }
    String set =
        names.stream()
            .map(name -> name + " = " + corrected(name))
            .collect(Collectors.joining(", "));
    String odd =
        names.stream()
            .map(name -> name + " IS DISTINCT FROM " + corrected(name))
            .collect(Collectors.joining(" OR "));
    String update = "UPDATE " + table.name() + " SET " + set + " WHERE ";
    String batches =
        """
        DO $taskport$ DECLARE page bigint := 0; BEGIN \
        WHILE page * current_setting('block_size')::bigint < pg_relation_size('%1$s') LOOP \
        %2$sctid >= format('(%%s,0)', page)::tid AND ctid < format('(%%s,0)', page + %3$d)::tid \
        AND (%4$s); COMMIT; page := page + %3$d; END LOOP; END $taskport$"""
            .formatted(table.name().replace("'", "''"), update, PAGES, odd);
    return List.of(MigrationStep.online(batches, update + odd));
  }

  private static String corrected(String column) {
    return switch (column) {
      case PRIORITY ->
          "CASE WHEN %s THEN lower(priority COLLATE \"C\") ELSE 'medium' END"
              .formatted(KNOWN_PRIORITY);
      case TAGS ->
          // Removes white space around commas, then commas and white space at both ends.
          "regexp_replace(regexp_replace(coalesce(tags, '') COLLATE \"C\", '[%1$s]*,[%1$s,]*', ',', 'g'), '^[%1$s,]+|[%1$s,]+$', '', 'g')"
              .formatted(SPACE);
      case DUE_DATE ->
          // least and greatest ignore NULL, so they would turn it into a time.
          "CASE WHEN due_date < %1$s THEN %1$s WHEN due_date > %2$s THEN %2$s ELSE due_date END"
              .formatted(FIRST, LAST);
      case DUE_ALL_DAY -> "(due_all_day AND due_date IS NOT NULL)";
      default -> throw new IllegalArgumentException(column);
    };
  }

  /** Columns that still allow NULL but must not. */
  List<String> nullable() {
    return columns.stream()
        .filter(column -> DEFAULTS.containsKey(column.name()) && !column.required())
        .map(Column::name)
        .toList();
  }

  private boolean has(String name) {
    return table.column(name).isPresent();
  }

  private void count(Connection connection, List<String> lines, String line, String condition)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM " + table.name() + " WHERE " + condition)) {
      row.next();
      if (row.getLong(1) > 0) {
        lines.add(line.formatted(row.getLong(1)));
      }
    }
  }
}
