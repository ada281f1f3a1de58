package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.Statements.ArrayOf;
import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Revision;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.TaskSummary;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tasks in PostgreSQL. A successful call is one statement in auto-commit mode. When a write is
 * refused, a second statement reads the state that caused it.
 */
@Singleton
final class PostgresTaskRepository implements TaskRepository {
  /**
   * How often a refused write is tried in total, if the second statement no longer finds the cause.
   */
  private static final int ATTEMPTS = 3;

  private static final String INSERT =
      TaskRow.INSERT + "VALUES (" + TaskRow.VALUES + ") ON CONFLICT (user_id, id) DO NOTHING";

  private static final String THIS_TASK = " WHERE user_id = ? AND id = ?";

  private static final String FIND = "SELECT " + TaskRow.COLUMNS + " FROM tasks" + THIS_TASK;

  private static final String EDIT =
      "UPDATE tasks SET "
          + TaskRow.EDITED
          + ", updated_at = greatest(updated_at, ?), version = version + 1";

  // CASE, not a condition that skips the row: the statement must return the state that it confirms.
  private static final String SET_COMPLETED =
      """
      UPDATE tasks SET
        completed = ?,
        updated_at = CASE WHEN completed = ? THEN updated_at ELSE greatest(updated_at, ?) END,
        version = CASE WHEN completed = ? THEN version ELSE version + 1 END
      """;

  private static final String TOGGLE =
      """
      UPDATE tasks SET
        completed = NOT completed,
        updated_at = greatest(updated_at, ?),
        version = version + 1
      """;

  private static final String DELETE = "DELETE FROM tasks";

  private static final String IN_ONE_OF_THESE_REVISIONS =
      " AND (created_at, version) IN (SELECT * FROM unnest(?::timestamptz[], ?::bigint[]))";

  private static final String RETURNING = " RETURNING " + TaskRow.COLUMNS;

  private final Statements statements;
  private final KeyedCreation keyedCreation;
  private final LongReads longReads;

  PostgresTaskRepository(Statements statements, KeyedCreation keyedCreation, LongReads longReads) {
    this.statements = statements;
    this.keyedCreation = keyedCreation;
    this.longReads = longReads;
  }

  @Override
  public CreateResult create(UserId user, NewTask newTask, @Nullable IdempotencyKey key) {
    Task task = Task.create(user, newTask);
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Optional<CreateResult> result = key == null ? insert(task) : keyedCreation.create(task, key);
      if (result.isPresent()) {
        return result.get();
      }
      Optional<Task> current = find(user, task.id());
      if (current.isPresent()) {
        return new CreateResult.Exists(current.get());
      }
    }
    throw new IllegalStateException("A new task's id is refused as taken, yet no task has it");
  }

  private Optional<CreateResult> insert(Task task) {
    int inserted = statements.update(INSERT, TaskRow.values(task));
    return inserted == 0 ? Optional.empty() : Optional.of(new CreateResult.Created(task));
  }

  @Override
  public Optional<Task> find(UserId user, TaskId id) {
    return query(user, FIND, List.of(user.value(), id.value())).stream().findFirst();
  }

  @Override
  public List<Task> list(UserId user, TaskQuery query) {
    ListStatement page = ListStatement.page(user, query);
    Supplier<List<Task>> read = () -> query(user, page.sql(), page.arguments());
    return page.isLong() ? longReads.run(read) : read.get();
  }

  @Override
  public long count(UserId user, TaskFilter filter) {
    ListStatement count = ListStatement.count(user, filter);
    return longReads
        .run(() -> statements.query(count.sql(), count.arguments(), row -> row.getLong(1)))
        .get(0);
  }

  @Override
  public TaskSummary summarize(UserId user) {
    ListStatement summary = ListStatement.summary(user);
    return longReads
        .run(
            () ->
                statements.query(
                    summary.sql(),
                    summary.arguments(),
                    row -> new TaskSummary(row.getLong(1), row.getLong(2))))
        .get(0);
  }

  @Override
  public WriteResult change(
      UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now) {
    OffsetDateTime time = TaskRow.time(now);
    return change.match(
        edit -> write(EDIT, edited(edit, time), user, id, precondition),
        set -> {
          boolean completed = set.completed();
          List<Object> values = List.of(completed, completed, time, completed);
          return write(SET_COMPLETED, values, user, id, precondition);
        },
        toggle -> write(TOGGLE, List.of(time), user, id, precondition));
  }

  private static List<@Nullable Object> edited(TaskChange.Edit edit, OffsetDateTime time) {
    List<@Nullable Object> values = new ArrayList<>(TaskRow.values(edit));
    values.add(time);
    return values;
  }

  @Override
  public WriteResult delete(UserId user, TaskId id, Precondition precondition) {
    return write(DELETE, List.of(), user, id, precondition);
  }

  /** Adds the conditions to a statement, and runs it on one task. */
  private WriteResult write(
      String sql,
      List<@Nullable Object> values,
      UserId user,
      TaskId id,
      Precondition precondition) {
    List<@Nullable Object> arguments = new ArrayList<>(values);
    arguments.add(user.value());
    arguments.add(id.value());
    String condition =
        precondition.match(
            none -> "",
            in -> {
              arguments.addAll(arrays(in.revisions()));
              return IN_ONE_OF_THESE_REVISIONS;
            });
    for (int attempt = 1; ; attempt++) {
      List<Task> written = query(user, sql + THIS_TASK + condition + RETURNING, arguments);
      if (!written.isEmpty()) {
        return new WriteResult.Done(written.get(0));
      }
      Optional<Task> current = precondition.match(none -> Optional.empty(), in -> find(user, id));
      if (current.isEmpty()) {
        return new WriteResult.NotFound();
      }
      // If the task is in an allowed state by now, the write is tried again.
      if (!precondition.allows(current.get().revision()) || attempt == ATTEMPTS) {
        return new WriteResult.Stale(current.get());
      }
    }
  }

  private static List<ArrayOf> arrays(Set<Revision> revisions) {
    List<Revision> possible = revisions.stream().filter(TaskRow::canHold).toList();
    return List.of(
        new ArrayOf(
            "timestamptz", possible.stream().map(r -> TaskRow.time(r.createdAt())).toList()),
        new ArrayOf("bigint", possible.stream().map(Revision::version).toList()));
  }

  private List<Task> query(UserId user, String sql, List<? extends @Nullable Object> arguments) {
    return statements.query(sql, arguments, row -> TaskRow.read(user, row));
  }
}
