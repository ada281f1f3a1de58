package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.database.Statements;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.changelog.DeletedTask;
import dev.taskport.domain.changelog.TaskTrash;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The deleted tasks in PostgreSQL. The trigger of a deletion puts them there ({@code
 * V1.10__change_numbers.sql}). A successful call is one statement; only the permanent deletion of a
 * task that was deleted before needs two.
 */
@Singleton
final class PostgresTaskTrash implements TaskTrash {
  /** How often a permanent deletion is tried in total, if the task moves to and fro meanwhile. */
  private static final int ATTEMPTS = 3;

  // The sum, so that the planner doesn't take the index of everybody's deletions by time.
  private static final String RESTORABLE =
      " WHERE user_id = ? AND content IS NOT NULL AND deleted_at + CAST(? AS interval) >= now()";

  private static final String LIST =
      "SELECT "
          + TaskRow.COLUMNS
          + ", deleted_at, change_number FROM deleted_tasks, "
          + TaskRow.DELETED_CONTENT
          + RESTORABLE
          + " AND change_number < ? ORDER BY change_number DESC LIMIT (SELECT ?::bigint)";

  // The log's row is locked before the deleted task's, as in every creation.
  private static final String RESTORE =
      "WITH log AS MATERIALIZED ("
          + "SELECT user_id AS owner FROM change_logs WHERE user_id = ? FOR NO KEY UPDATE"
          + "), taken AS (DELETE FROM deleted_tasks USING log"
          + RESTORABLE
          + " AND id = ? RETURNING user_id, id, content), back AS (SELECT user_id, "
          + TaskRow.COLUMNS
          + " FROM taken, "
          + TaskRow.DELETED_CONTENT
          + ") "
          + TaskRow.INSERT
          + """
          SELECT user_id, id, title, description, completed, created_at,
            greatest(updated_at, ?), version + 1, priority, tags, due_date, due_all_day
          FROM back RETURNING\s"""
          + TaskRow.COLUMNS;

  // One row. The deleted task is in it as it was, if it is there; then whether its content was
  // removed, and whether the statement's snapshot has the task anywhere. If it has, but the deleted
  // task couldn't be locked, it was restored meanwhile.
  private static final String REMOVE_CONTENT =
      "WITH found AS MATERIALIZED (SELECT user_id, id, content FROM deleted_tasks"
          + RESTORABLE
          + " AND id = ? FOR NO KEY UPDATE), deleted AS (SELECT "
          + TaskRow.COLUMNS
          + " FROM found, "
          + TaskRow.DELETED_CONTENT
          + """
          ), emptied AS (
            UPDATE deleted_tasks SET content = NULL FROM found, deleted
            WHERE deleted_tasks.user_id = found.user_id AND deleted_tasks.id = found.id%s
            RETURNING deleted_tasks.id
          )
          SELECT deleted.*, EXISTS (SELECT FROM emptied),
            EXISTS (SELECT FROM tasks WHERE user_id = ? AND id = ?)
              OR EXISTS (SELECT FROM deleted_tasks\s"""
          + RESTORABLE
          + """
           AND id = ?)
          FROM (VALUES (1)) AS one LEFT JOIN deleted ON true
          """;

  private final Statements statements;
  private final PostgresTaskRepository tasks;
  private final ExpiredDeletions expiredDeletions;
  private final String retention;

  /**
   * @param retention how long a deleted task can be restored, by the database's clock
   */
  PostgresTaskTrash(
      Statements statements,
      PostgresTaskRepository tasks,
      ExpiredDeletions expiredDeletions,
      @Value("${taskport.deletions.content-retention:30d}") Duration retention) {
    this.statements = statements;
    this.tasks = tasks;
    this.expiredDeletions = expiredDeletions;
    this.retention = retention.toString();
  }

  @Override
  public List<DeletedTask> listDeleted(UserId user, long before, int limit) {
    ListStatement listing = listing(user, retention, before, limit);
    return statements.repeatable(
        listing.sql(),
        listing.arguments(),
        row ->
            new DeletedTask(
                TaskRow.read(user, row),
                TaskRow.time(row, TaskRow.NUMBER_OF_COLUMNS + 1),
                row.getLong(TaskRow.NUMBER_OF_COLUMNS + 2)));
  }

  static ListStatement listing(UserId user, String retention, long before, long limit) {
    return new ListStatement(
        LIST, List.of(user.value(), retention, before, limit), /* isLong= */ false);
  }

  @Override
  public Optional<Task> restore(UserId user, TaskId id, Instant now) {
    Optional<Task> restored =
        statements
            .query(
                RESTORE,
                List.of(user.value(), user.value(), retention, id.value(), TaskRow.time(now)),
                row -> TaskRow.read(user, row))
            .stream()
            .findFirst();
    restored.ifPresent(task -> expiredDeletions.removeSoon());
    return restored;
  }

  @Override
  public WriteResult deletePermanently(UserId user, TaskId id, Precondition precondition) {
    return statements.call(() -> delete(user, id, precondition));
  }

  private WriteResult delete(UserId user, TaskId id, Precondition precondition) {
    for (int attempt = 1; ; attempt++) {
      WriteResult result = tasks.deletePermanently(user, id, precondition);
      if (!(result instanceof WriteResult.NotFound)) {
        return result;
      }
      Removal removal = removeContent(user, id, precondition);
      Task deleted = removal.task();
      if (deleted != null) {
        return removal.done() ? new WriteResult.Done(deleted) : new WriteResult.Stale(deleted);
      }
      if (!removal.wasThere() || attempt == ATTEMPTS) {
        return new WriteResult.NotFound();
      }
    }
  }

  private Removal removeContent(UserId user, TaskId id, Precondition precondition) {
    List<Object> arguments = new ArrayList<>(List.of(user.value(), retention, id.value()));
    String condition =
        precondition.match(
            none -> "",
            in -> {
              arguments.addAll(TaskRow.values(in.revisions()));
              return " AND (deleted.created_at, deleted.version)" + TaskRow.IN_REVISIONS;
            });
    arguments.addAll(List.of(user.value(), id.value(), user.value(), retention, id.value()));
    return statements
        .query(
            REMOVE_CONTENT.formatted(condition),
            arguments,
            row ->
                new Removal(
                    row.getObject(1) == null ? null : TaskRow.read(user, row),
                    row.getBoolean(TaskRow.NUMBER_OF_COLUMNS + 1),
                    row.getBoolean(TaskRow.NUMBER_OF_COLUMNS + 2)))
        .get(0);
  }

  /**
   * What became of a deleted task.
   *
   * @param task as it was deleted; null if none can be restored
   * @param done whether its content was removed
   * @param wasThere whether the task was there, deleted or not, when the statement began
   */
  private record Removal(@Nullable Task task, boolean done, boolean wasThere) {}
}
