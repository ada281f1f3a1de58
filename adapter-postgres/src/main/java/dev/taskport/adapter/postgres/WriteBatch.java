package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.batch.Work;
import dev.taskport.adapter.postgres.database.Statements;
import dev.taskport.adapter.postgres.database.Statements.ArrayOf;
import dev.taskport.adapter.postgres.pipeline.OneRowEach;
import dev.taskport.adapter.postgres.pipeline.PipelinedStatement;
import dev.taskport.domain.Revision;
import dev.taskport.domain.Task;
import dev.taskport.domain.WriteResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes or deletes several tasks, of any users, by one statement. */
final class WriteBatch implements Work<TaskWrite, WriteResult> {
  private static final Columns TASK =
      Columns.of("owner text, task_id uuid, known_since timestamptz, known_version bigint");

  private static final Columns TIME = Columns.of("time timestamptz");

  private static final int ALLOWED = TaskRow.NUMBER_OF_COLUMNS + 1;
  private static final int PLACE = ALLOWED + 1;

  private static final String CHANGED =
      "updated_at = greatest(tasks.updated_at, time), version = tasks.version + 1 FROM found";

  /**
   * Its values are those of {@link TaskRow#values(dev.taskport.domain.TaskChange.Edit)}, a time.
   */
  static final Kind EDIT =
      new Kind(
          TaskRow.OF_EDITS.and(TIME),
          "NO KEY UPDATE",
          "true",
          "UPDATE tasks SET " + TaskRow.EDITED_TOGETHER + ", " + CHANGED);

  /** Its values are the state to set, or null to toggle it, and a time. */
  static final Kind COMPLETION =
      new Kind(
          Columns.of("wanted boolean").and(TIME),
          "NO KEY UPDATE",
          "task.completed IS DISTINCT FROM wanted",
          "UPDATE tasks SET completed = NOT tasks.completed, " + CHANGED);

  /** Without values. */
  static final Kind DELETION =
      new Kind(Columns.NONE, "UPDATE", "true", "DELETE FROM tasks USING found");

  private final Statements statements;
  private final Columns columns;
  private final List<String> types;
  private final String sql;

  WriteBatch(Statements statements, Kind kind) {
    this.statements = statements;
    columns = TASK.and(kind.values());
    types = columns.arrayTypes();
    sql = kind.sql(columns);
  }

  /**
   * A kind of write.
   *
   * @param lock the strength of the lock that it takes on a task
   * @param condition whether there is something to write to a task that it may write to
   * @param statement the write, without its conditions
   */
  record Kind(Columns values, String lock, String condition, String statement) {

    // Tasks that somebody else holds are skipped, so it doesn't wait for them. Each task is locked
    // before it is compared with what is known of it, so that its newest state is.
    private String sql(Columns columns) {
      return "WITH found AS MATERIALIZED (SELECT asked.*, task.*, allowed, allowed AND "
          + condition
          + " AS writes FROM "
          + LockedLogs.asked(columns, "owner")
          + "CROSS JOIN LATERAL (SELECT "
          + TaskRow.COLUMNS
          + " FROM tasks WHERE user_id = owner AND id = task_id FOR "
          + lock
          + """
           SKIP LOCKED LIMIT 1
          ) AS task CROSS JOIN LATERAL (
            SELECT known_version IS NULL
              OR (known_since, known_version) = (task.created_at, task.version) AS allowed
          ) AS known), written AS (
          """
          + statement
          + " WHERE tasks.user_id = owner AND tasks.id = task_id AND writes RETURNING "
          + TaskRow.columnsOf("tasks")
          + ", allowed, n) SELECT * FROM written UNION ALL SELECT "
          + TaskRow.columnsOf("found")
          + ", allowed, n FROM found WHERE NOT writes";
    }
  }

  @Override
  public WriteResult alone(TaskWrite write) {
    return write.alone().get();
  }

  @Override
  public List<@Nullable WriteResult> together(List<TaskWrite> writes, Runnable answered) {
    List<@Nullable WriteResult> results = new ArrayList<>(Collections.nCopies(writes.size(), null));
    var unused =
        statements.once(
            sql,
            arguments(writes),
            answered,
            row -> {
              int place = row.getInt(PLACE) - 1;
              Task task = TaskRow.read(writes.get(place).user(), row);
              return results.set(place, result(task, row.getBoolean(ALLOWED)));
            });
    return results;
  }

  private static WriteResult result(Task task, boolean allowed) {
    return allowed ? new WriteResult.Done(task) : new WriteResult.Stale(task);
  }

  private List<ArrayOf> arguments(List<TaskWrite> writes) {
    return columns.arrays(writes.stream().map(WriteBatch::values).toList());
  }

  @Override
  public PipelinedStatement<WriteResult> statement(List<TaskWrite> writes) {
    return new PipelinedStatement<>(
        sql,
        types,
        arguments(writes),
        new OneRowEach<>(
            writes, (write, row) -> result(TaskRow.read(write.user(), row), row.bool(ALLOWED))));
  }

  @Override
  public boolean isWrite() {
    return true;
  }

  private static List<@Nullable Object> values(TaskWrite write) {
    Revision known = write.known();
    List<@Nullable Object> values = new ArrayList<>();
    values.add(write.user().value());
    values.add(write.id().value());
    values.add(known == null ? null : TaskRow.time(known.createdAt()));
    values.add(known == null ? null : known.version());
    values.addAll(write.values());
    return values;
  }

  @Override
  public int most() {
    return MANY;
  }

  @Override
  public boolean isRepeatable() {
    return false;
  }
}
