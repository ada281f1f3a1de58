package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.TasksTable.Column;
import dev.taskport.adapter.postgres.TasksTable.Index;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the table of the FastAPI backend becomes the one that {@code V1__tasks.sql} makes, but for an
 * index that a later script drops: in small steps, derived anew from the catalog each time, so that
 * a run that was killed between any two of them is simply started again. No step rewrites the
 * table.
 *
 * <p>Type changes come first: what PostgreSQL may object to there leaves everything as it was. They
 * keep the table only in a session whose time zone is UTC, as the old times are.
 */
final class TakeOver {

  private static final Logger LOG = LoggerFactory.getLogger(TakeOver.class);

  static final String PRIMARY_KEY = "tasks_primary_key";
  static final String PRIMARY_KEY_KEYS = "btree (user_id, id)";
  private static final String USER_INDEX_KEYS = "btree (user_id)";

  private static final String TIME = "timestamp with time zone";
  static final Pattern VARCHAR = Pattern.compile("character varying(?:\\((\\d+)\\))?");

  static final List<String> TIMES = List.of("created_at", "updated_at");
  static final Map<String, Integer> TEXTS = lengths();
  private static final List<String> REQUIRED =
      List.of("user_id", "id", "title", "completed", "created_at", "updated_at");

  private final TasksTable table;

  TakeOver(TasksTable table) {
    this.table = table;
  }

  TasksTable table() {
    return table;
  }

  /** Whether it lacks what every release of Taskport has in it. */
  boolean isOldShape() {
    return table.column("version").isEmpty();
  }

  private static Map<String, Integer> lengths() {
    Map<String, Integer> lengths = new LinkedHashMap<>();
    lengths.put("user_id", 255);
    lengths.put("title", 200);
    lengths.put("description", 1000);
    return lengths;
  }

  /** Why this table can't be taken over; empty when it can. */
  List<String> refusals() {
    return new TakeOverRefusals(table, this).list();
  }

  /** For people: what was found, what the steps are, what stays. */
  List<String> description(Connection connection) throws SQLException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "Found %s, the old backend's table, %,d MB on disk with its indexes."
            .formatted(table.name(), table.bytes() >> 20));
    lines.add(OldRows.summary(connection, table));
    table.notes().forEach(note -> lines.add("Its " + note + "."));
    for (Column column : table.columns()) {
      if (!isOurs(column)) {
        lines.add("Its column " + column.name() + " stays, unused.");
      }
    }
    droppedIndexes().forEach(index -> lines.add(lossOf(index)));
    lines.add("Would run, in this order, without rewriting the table:");
    for (TakeOverStep step : steps()) {
      lines.add(
          "  %s: %s"
              .formatted(
                  step.online() ? "while others read and write" : "locked for a moment",
                  step.sql()));
    }
    return lines;
  }

  /** Runs what is left to do. */
  void run(Connection connection, MigrationLock lock, Duration patience) throws SQLException {
    LOG.info("taking over {} from the old backend", table.name());
    droppedIndexes().forEach(index -> LOG.info(lossOf(index)));
    for (TakeOverStep step : steps()) {
      lock.check();
      try {
        step.run(connection, patience);
      } catch (SQLException e) {
        if ("23505".equals(e.getSQLState())) {
          throw MigrationException.of(
              table.name() + " holds rows with the same user_id and id: delete all but one", e);
        }
        throw MigrationException.of("taking over " + table.name() + " stopped at " + step.sql(), e);
      }
    }
  }

  /** Whether the column is part of the new shape. */
  static boolean isOurs(Column column) {
    return REQUIRED.contains(column.name())
        || TEXTS.containsKey(column.name())
        || column.name().equals("version");
  }

  /** Columns that must not be NULL but may be, so far. */
  List<String> nullable() {
    return table.columns().stream()
        .filter(column -> REQUIRED.contains(column.name()) && !column.required())
        .map(Column::name)
        .toList();
  }

  /** What is left to do, in order; the last step, fresh statistics, is always there. */
  List<TakeOverStep> steps() {
    List<TakeOverStep> steps = new ArrayList<>();
    List<String> changes = changes();
    if (!changes.isEmpty()) {
      List<String> statements = new ArrayList<>();
      droppedIndexes().forEach(index -> statements.add("DROP INDEX " + index.name()));
      statements.add("ALTER TABLE " + table.name() + " " + String.join(", ", changes));
      steps.add(TakeOverStep.brief(statements.toArray(String[]::new)));
    }
    requireValues(steps);
    primaryKey(steps);
    for (Index index : table.indexes()) {
      if (index.keys().equals(USER_INDEX_KEYS) && !index.unique()) {
        steps.add(TakeOverStep.online("DROP INDEX CONCURRENTLY IF EXISTS " + index.name()));
      }
    }
    steps.add(TakeOverStep.online("ANALYZE " + table.name()));
    return steps;
  }

  /** Indexes on times that change their type: PostgreSQL would rebuild them, the table locked. */
  private List<Index> droppedIndexes() {
    return table.indexes().stream().filter(this::isRetyped).toList();
  }

  private static String lossOf(Index index) {
    return "Its index %s goes; to have it again, run afterwards: %s;"
        .formatted(index.name(), index.definition());
  }

  /** NOT NULL without scanning under a lock: PostgreSQL takes a validated check as proof. */
  private void requireValues(List<TakeOverStep> steps) {
    List<String> nullable = nullable();
    if (nullable.isEmpty()) {
      return;
    }
    String alter = "ALTER TABLE " + table.name() + " ";
    steps.add(
        TakeOverStep.brief(
            alter + "DROP CONSTRAINT IF EXISTS taskport_required",
            alter
                + "ADD CONSTRAINT taskport_required CHECK ("
                + joined(nullable, "%s IS NOT NULL", " AND ")
                + ") NOT VALID"));
    steps.add(TakeOverStep.online(alter + "VALIDATE CONSTRAINT taskport_required"));
    steps.add(
        TakeOverStep.brief(
            alter + joined(nullable, "ALTER %s SET NOT NULL", ", "),
            alter + "DROP CONSTRAINT taskport_required"));
  }

  private List<String> changes() {
    List<String> changes = new ArrayList<>();
    for (Column column : table.columns()) {
      if (TIMES.contains(column.name())) {
        // A default of the old type would be read in whatever time zone the inserting session has.
        if (column.filled()) {
          changes.add("ALTER " + column.name() + " DROP DEFAULT");
        }
        if (!column.type().equals(TIME)) {
          changes.add("ALTER " + column.name() + " TYPE timestamptz");
        }
      }
      Integer length = TEXTS.get(column.name());
      Matcher varchar = VARCHAR.matcher(column.type());
      if (length != null
          && varchar.matches()
          && varchar.group(1) != null
          && Integer.parseInt(varchar.group(1)) < length) {
        changes.add("ALTER " + column.name() + " TYPE varchar(" + length + ")");
      }
    }
    if (table.column("version").isEmpty()) {
      changes.add("ADD version bigint NOT NULL DEFAULT 1");
    }
    return changes;
  }

  private void primaryKey(List<TakeOverStep> steps) {
    Optional<Index> old = table.indexes().stream().filter(Index::primary).findFirst();
    if (old.isPresent() && old.get().bareName().equals(PRIMARY_KEY)) {
      return;
    }
    if (table.index(PRIMARY_KEY).filter(Index::valid).isEmpty()) {
      // An attempt that was killed leaves an index that is not valid.
      steps.add(
          TakeOverStep.online(
              "DROP INDEX CONCURRENTLY IF EXISTS " + table.schema() + "." + PRIMARY_KEY,
              "CREATE UNIQUE INDEX CONCURRENTLY %s ON %s USING %s"
                  .formatted(PRIMARY_KEY, table.name(), PRIMARY_KEY_KEYS)));
    }
    String drop = old.map(index -> "DROP CONSTRAINT " + index.constraint() + ", ").orElse("");
    steps.add(
        TakeOverStep.brief(
            "ALTER TABLE %s %sADD CONSTRAINT %s PRIMARY KEY USING INDEX %s"
                .formatted(table.name(), drop, PRIMARY_KEY, PRIMARY_KEY)));
  }

  /** Whether a time that the index names changes its type. */
  boolean isRetyped(Index index) {
    return index.onTimes()
        && TIMES.stream()
            .flatMap(time -> table.column(time).stream())
            .anyMatch(column -> !column.type().equals(TIME));
  }

  private static String joined(List<String> names, String format, String separator) {
    return names.stream().map(format::formatted).collect(Collectors.joining(separator));
  }
}
