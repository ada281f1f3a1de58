package dev.taskport.adapter.postgres.migration.legacy;

import dev.taskport.adapter.postgres.migration.legacy.LegacyTable.Column;
import dev.taskport.adapter.postgres.migration.legacy.LegacyTable.Index;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What keeps a table called tasks from being taken over. */
final class LegacyTableRefusals {

  private static final Set<String> INTEGERS = Set.of("smallint", "integer", "bigint");
  private static final Set<String> PRIMARY_KEYS =
      Set.of("btree (id)", "btree (id, user_id)", TargetShape.PRIMARY_KEY_KEYS);

  private final LegacyTable table;
  private final List<String> refusals = new ArrayList<>();

  LegacyTableRefusals(LegacyTable table) {
    this.table = table;
  }

  List<String> list() {
    if (!table.kind().equals("r") || table.inherits()) {
      return List.of(
          table.name() + " is not an ordinary table (a view, partitioned or inheriting one)");
    }
    for (String time : TargetShape.TIMES) {
      expect(time, "timestamp", type -> TargetShape.ANY_TIME.matcher(type).matches());
    }
    TargetShape.TEXTS.forEach(
        (text, length) ->
            expect(
                text,
                "character varying(" + length + ")",
                type ->
                    type.equals("text")
                        || TargetShape.VARCHAR.matcher(type).matches()
                        || TargetShape.isRewritten(new Column(text, type, true, false, false))));
    expect("id", "uuid", "uuid"::equals);
    expect("completed", "boolean", "boolean"::equals);
    table
        .column("version")
        .filter(version -> !version.type().equals("bigint") || !version.required())
        .ifPresent(
            version ->
                refusals.add(
                    "column version is taken (found " + version.type() + "): rename or drop it"));
    for (Column column : table.columns()) {
      if (column.required() && !column.filled() && !TargetShape.isOurs(column)) {
        refusals.add(
            "column "
                + column.name()
                + " is NOT NULL without a default, so no task could be added: give it a default"
                + " or drop its NOT NULL");
      }
    }
    for (Index index : table.indexes()) {
      if (index.unique() && TargetShape.isRetyped(table, index)) {
        refusals.add("unique index " + index.name() + " holds a time: drop it first");
      } else if (index.unique() && !index.primary() && !index.tellsTasksApart()) {
        refusals.add(
            "unique index "
                + index.name()
                + " would refuse tasks that may be created ("
                + index.keys()
                + "): drop it first");
      }
    }
    for (Index index : table.indexes()) {
      if (index.primary() && !PRIMARY_KEYS.contains(index.keys())) {
        refusals.add("its primary key is " + index.keys() + " instead of btree (id)");
      }
    }
    reserved(TargetShape.PRIMARY_KEY, TargetShape.PRIMARY_KEY_KEYS);
    for (String name : table.takenNames()) {
      refusals.add("something else in the schema is called " + name + ": rename it");
    }
    for (String trigger : table.beforeTriggers()) {
      refusals.add(
          "trigger "
              + trigger
              + " runs before a row is written and could change what is stored: drop it first");
    }
    refusals.addAll(table.dependentsOfTheKey());
    refusals.addAll(table.dependentsOf(TargetShape::isRetyped));
    if (table.column("user_id").filter(TargetShape::isRewritten).isPresent()) {
      for (LegacyTable.Constraint constraint : table.constraints()) {
        if (constraint.type().equals("f") && constraint.columns().contains("user_id")) {
          refusals.add(
              "foreign key %s (%s) keeps user_id a uuid, which becomes varchar(255): drop it first (ALTER TABLE %s DROP CONSTRAINT %1$s)"
                  .formatted(constraint.name(), constraint.definition(), table.name()));
        }
      }
    }
    refusals.addAll(new FieldColumns(table).refusals());
    return refusals;
  }

  private void expect(String name, String expected, Predicate<String> accepted) {
    Optional<Column> column = table.column(name);
    if (column.isEmpty()) {
      refusals.add("column " + name + " " + expected + " is missing");
    } else if (!accepted.test(column.get().type())) {
      String wrong = "column " + name + " is " + column.get().type() + " instead of " + expected;
      refusals.add(
          name.endsWith("id") && INTEGERS.contains(column.get().type())
              ? "integer ids aren't supported: "
                  + wrong
                  + ": rename the table, to begin with an empty one"
              : wrong);
    }
  }

  private void reserved(String name, String keys) {
    table
        .index(name)
        .filter(index -> !index.keys().equals(keys))
        .ifPresent(index -> refusals.add("index " + name + " is something else: rename it"));
  }
}
