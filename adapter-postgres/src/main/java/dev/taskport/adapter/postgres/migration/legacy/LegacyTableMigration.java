package dev.taskport.adapter.postgres.migration.legacy;

import dev.taskport.adapter.postgres.migration.legacy.LegacyTable.Column;
import dev.taskport.adapter.postgres.migration.legacy.LegacyTable.Index;
import dev.taskport.adapter.postgres.migration.lock.MigrationLock;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the table of the FastAPI backend into the one that {@code V1__tasks.sql} creates (without
 * the index that a later script drops). It works in small steps. Each run derives the remaining
 * steps from the catalog, so a run that was killed is simply started again. No step rewrites the
 * table, unless user_id is a uuid or due_date a date.
 *
 * <p>Types are changed first: if PostgreSQL refuses that, nothing has been changed yet. In a
 * session whose time zone is UTC, changing the type of the times doesn't rewrite the table.
 */
public final class LegacyTableMigration {

  private static final Logger LOG = LoggerFactory.getLogger(LegacyTableMigration.class);

  private static final String USER_INDEX_KEYS = "btree (user_id)";

  private final LegacyTable table;
  private final FieldColumns fields;

  public LegacyTableMigration(LegacyTable table) {
    this.table = table;
    this.fields = new FieldColumns(table);
  }

  /** Why this table can't be taken over; empty when it can. */
  public List<String> refusals() {
    return new LegacyTableRefusals(table).list();
  }

  /** Says in lines for people which rows can't be taken over. May read the whole table. */
  public List<String> unfitRows(Connection connection) throws SQLException {
    List<String> lines =
        new ArrayList<>(LegacyRows.missingValues(connection, table, TargetShape.nullable(table)));
    if (TargetShape.mayBeTooLongForAnIndex(table)) {
      lines.addAll(LegacyRows.tooLong(connection, table, TargetShape.MOST_INDEXED_BYTES));
    }
    return lines;
  }

  /** Says in lines for people what was found, what the steps are, and what stays as it is. */
  public List<String> description(Connection connection) throws SQLException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "Found %s, the old backend's table, %,d MB on disk with its indexes."
            .formatted(table.name(), table.bytes() >> 20));
    lines.add(LegacyRows.summary(connection, table));
    table.notes().forEach(note -> lines.add("Its " + note + "."));
    for (Column column : table.columns()) {
      if (!TargetShape.isOurs(column)) {
        lines.add("Its column " + column.name() + " stays, unused.");
      }
    }
    droppedIndexes().forEach(index -> lines.add(index.loss()));
    lines.addAll(fields.description(connection));
    lines.add(order());
    steps().forEach(step -> lines.add(step.description()));
    return lines;
  }

  private String order() {
    if (hasUuids()) {
      return "Would run, in this order; user_id is a uuid and becomes varchar(255), for which all %,d MB are rewritten under a lock that lets nobody read or write, with as much free disk space:"
          .formatted(table.bytes() >> 20);
    }
    return isRewritten()
        ? "Would run, in this order:"
        : "Would run, in this order, without rewriting the table:";
  }

  /** Runs the remaining steps. */
  public void run(Connection connection, MigrationLock lock, Duration patience)
      throws SQLException {
    LOG.info("taking over {} from the old backend", table.name());
    droppedIndexes().forEach(index -> LOG.info(index.loss()));
    fields.droppedIndexes().forEach(index -> LOG.info(index.loss()));
    MigrationStep.runAll(steps(), "taking over " + table.name(), connection, lock, patience);
  }

  /** The remaining steps, in order. The last one, which updates statistics, is always there. */
  public List<MigrationStep> steps() {
    List<MigrationStep> steps = new ArrayList<>();
    List<String> changes = changes();
    if (!changes.isEmpty()) {
      List<String> statements = new ArrayList<>();
      Stream.concat(droppedIndexes().stream(), fields.droppedIndexes().stream())
          .distinct()
          .forEach(index -> statements.add("DROP INDEX " + index.name()));
      statements.add("ALTER TABLE " + table.name() + " " + String.join(", ", changes));
      statements.addAll(fields.changesAfterwards());
      String[] all = statements.toArray(String[]::new);
      steps.add(isRewritten() ? MigrationStep.rewriting(all) : MigrationStep.brief(all));
    }
    steps.addAll(fields.corrections());
    steps.addAll(
        MigrationStep.notNull(
            table,
            Stream.concat(TargetShape.nullable(table).stream(), fields.nullable().stream())
                .toList()));
    primaryKey(steps);
    for (Index index : table.indexes()) {
      if (index.keys().equals(USER_INDEX_KEYS) && !index.unique()) {
        steps.add(MigrationStep.online("DROP INDEX CONCURRENTLY IF EXISTS " + index.name()));
      }
    }
    steps.add(MigrationStep.online("ANALYZE " + table.name()));
    return steps;
  }

  /**
   * Indexes on times whose type changes: PostgreSQL would rebuild them while the table is locked.
   */
  private List<Index> droppedIndexes() {
    return table.indexes().stream().filter(index -> TargetShape.isRetyped(table, index)).toList();
  }

  private boolean isRewritten() {
    return hasUuids() || fields.isRewritten();
  }

  private boolean hasUuids() {
    return table.column("user_id").filter(TargetShape::isRewritten).isPresent();
  }

  private List<String> changes() {
    List<String> changes = new ArrayList<>();
    for (Column column : table.columns()) {
      if (TargetShape.TIMES.contains(column.name())) {
        // A default of the old type would be converted in the inserting session's time zone.
        if (column.filled()) {
          changes.add("ALTER " + column.name() + " DROP DEFAULT");
        }
        if (!column.type().equals(TargetShape.TIME)) {
          changes.add("ALTER " + column.name() + " TYPE timestamptz");
        }
      }
      if (TargetShape.isRewritten(column)) {
        if (column.filled()) {
          changes.add("ALTER user_id DROP DEFAULT");
        }
        changes.add("ALTER user_id TYPE varchar(255) USING user_id::text");
      }
      if (TargetShape.isWidened(column)) {
        changes.add(
            "ALTER %s TYPE varchar(%d)"
                .formatted(column.name(), TargetShape.TEXTS.get(column.name())));
      }
    }
    changes.addAll(fields.changes());
    if (table.column("version").isEmpty()) {
      changes.add("ADD version bigint NOT NULL DEFAULT 1");
    }
    return changes;
  }

  private void primaryKey(List<MigrationStep> steps) {
    Optional<Index> old = table.indexes().stream().filter(Index::primary).findFirst();
    if (old.isPresent() && old.get().bareName().equals(TargetShape.PRIMARY_KEY)) {
      return;
    }
    if (table.index(TargetShape.PRIMARY_KEY).filter(Index::valid).isEmpty()) {
      // A killed attempt may have left an invalid index.
      steps.add(
          MigrationStep.online(
              "DROP INDEX CONCURRENTLY IF EXISTS " + table.schema() + "." + TargetShape.PRIMARY_KEY,
              "CREATE UNIQUE INDEX CONCURRENTLY %s ON %s USING %s"
                  .formatted(TargetShape.PRIMARY_KEY, table.name(), TargetShape.PRIMARY_KEY_KEYS)));
    }
    String drop = old.map(index -> "DROP CONSTRAINT " + index.constraint() + ", ").orElse("");
    steps.add(
        MigrationStep.brief(
            "ALTER TABLE %s %sADD CONSTRAINT %s PRIMARY KEY USING INDEX %s"
                .formatted(table.name(), drop, TargetShape.PRIMARY_KEY, TargetShape.PRIMARY_KEY)));
  }
}
