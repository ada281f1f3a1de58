package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.batch.Batches;
import dev.taskport.adapter.postgres.batch.Lane;
import dev.taskport.adapter.postgres.database.Deadline;
import dev.taskport.adapter.postgres.database.LongReads;
import dev.taskport.adapter.postgres.database.Statements;
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
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tasks in PostgreSQL. A successful call is one statement in auto-commit mode, which it may share
 * with other calls. When a write is refused, a second statement reads the state that caused it.
 */
@Singleton
final class PostgresTaskRepository implements TaskRepository {
  /**
   * How often a refused write is tried in total, if the second statement no longer finds the cause.
   */
  private static final int ATTEMPTS = 3;

  // The conflict is for a task that comes meanwhile. For one that is there no number may be drawn.
  private static final String INSERT =
      TaskRow.INSERT
          + "SELECT "
          + TaskRow.VALUES
          + " WHERE NOT EXISTS (SELECT FROM tasks WHERE user_id = ? AND id = ?)"
          + " ON CONFLICT (user_id, id) DO NOTHING";

  private static final String THIS_TASK = " WHERE user_id = ? AND id = ?";

  private static final String RETURNING = " RETURNING " + TaskRow.COLUMNS;

  private static final Write EDIT =
      new Write(
          "UPDATE tasks SET "
              + TaskRow.EDITED
              + ", updated_at = greatest(updated_at, ?), version = version + 1",
          RETURNING);

  // Locks the row first: its newest state is either changed, or returned as it is. Without the lock
  // the state to return would be the one before a concurrent change.
  private static final Write SET_COMPLETED =
      new Write(
          """
          WITH wanted AS (
            SELECT CAST(? AS boolean) AS completed, CAST(? AS timestamptz) AS time
          ), found AS MATERIALIZED (
            SELECT user_id,\s"""
              + TaskRow.COLUMNS
              + " FROM tasks",
          """
           FOR NO KEY UPDATE
          ), changed AS (
            UPDATE tasks SET
              completed = wanted.completed,
              updated_at = greatest(tasks.updated_at, wanted.time),
              version = tasks.version + 1
            FROM found, wanted
            WHERE tasks.user_id = found.user_id AND tasks.id = found.id
              AND found.completed <> wanted.completed
            RETURNING\s"""
              + TaskRow.columnsOf("tasks")
              + """
          )
          SELECT * FROM changed
          UNION ALL
          SELECT\s"""
              + TaskRow.columnsOf("found")
              + " FROM found, wanted WHERE found.completed = wanted.completed");

  private static final Write TOGGLE =
      new Write(
          """
          UPDATE tasks SET
            completed = NOT completed,
            updated_at = greatest(updated_at, ?),
            version = version + 1
          """,
          RETURNING);

  private static final Write DELETE = new Write("DELETE FROM tasks", RETURNING);

  // The setting ends with the statement, which is a transaction. The trigger reads it.
  private static final Write DELETE_PERMANENTLY =
      new Write(
          "WITH setting AS MATERIALIZED (SELECT set_config('taskport.keep_deleted', 'off', true))"
              + " DELETE FROM tasks USING setting",
          RETURNING);

  private final Statements statements;
  private final KeyedCreation keyedCreation;
  private final LongReads longReads;
  private final ExpiredDeletions expiredDeletions;
  private final boolean keepsContent;
  private final Lane<LookUpBatch.LookUp, Optional<Task>> lookUps;
  private final Lane<CreationBatch.Creation, Optional<CreateResult>> creations;
  private final Lane<TaskWrite, WriteResult> edits;
  private final Lane<TaskWrite, WriteResult> completions;
  private final Lane<TaskWrite, WriteResult> deletions;

  PostgresTaskRepository(
      Statements statements,
      KeyedCreation keyedCreation,
      LongReads longReads,
      ExpiredDeletions expiredDeletions,
      Batches batches,
      @Value("${taskport.deletions.content-retention:30d}") Duration contentRetention) {
    this.keepsContent = !contentRetention.isZero();
    this.statements = statements;
    this.keyedCreation = keyedCreation;
    this.longReads = longReads;
    this.expiredDeletions = expiredDeletions;
    lookUps = batches.lane("find", new LookUpBatch(statements));
    creations = batches.lane("create", new CreationBatch(statements, this::insert));
    edits = writes(batches, "edit", WriteBatch.EDIT);
    completions = writes(batches, "complete", WriteBatch.COMPLETION);
    deletions = writes(batches, "delete", WriteBatch.DELETION);
  }

  private Lane<TaskWrite, WriteResult> writes(Batches batches, String name, WriteBatch.Kind kind) {
    return batches.lane(name, new WriteBatch(statements, kind));
  }

  @Override
  public CreateResult create(UserId user, NewTask newTask, @Nullable IdempotencyKey key) {
    Task task = Task.create(user, newTask);
    return statements.call(() -> create(task, key));
  }

  CompletionStage<CreateResult> createLater(
      UserId user, NewTask newTask, @Nullable IdempotencyKey key) {
    return createLater(Task.create(user, newTask), key, statements.nextDeadline(), 1)
        .whenComplete((result, failure) -> expiredDeletions.removeSoon());
  }

  private CompletionStage<CreateResult> createLater(
      Task task, @Nullable IdempotencyKey key, Deadline deadline, int attempt) {
    CompletionStage<Optional<CreateResult>> later =
        key == null
            ? creations.submit(new CreationBatch.Creation(task), deadline)
            : keyedCreation.createLater(task, key, deadline);
    return later.thenCompose(
        result ->
            result
                .map(CompletableFuture::completedStage)
                .orElseGet(() -> existsLater(task, key, deadline, attempt)));
  }

  /** Tells whose the id is; if nobody's any more, the task is created. */
  private CompletionStage<CreateResult> existsLater(
      Task task, @Nullable IdempotencyKey key, Deadline deadline, int attempt) {
    return lookUps
        .submit(new LookUpBatch.LookUp(task.userId(), task.id()), deadline)
        .thenCompose(
            current -> {
              if (current.isPresent()) {
                return CompletableFuture.completedStage(new CreateResult.Exists(current.get()));
              }
              return attempt == ATTEMPTS
                  ? CompletableFuture.failedStage(takenByNobody())
                  : createLater(task, key, deadline, attempt + 1);
            });
  }

  private static IllegalStateException takenByNobody() {
    return new IllegalStateException("A new task's id is refused as taken, yet no task has it");
  }

  private CreateResult create(Task task, @Nullable IdempotencyKey key) {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Optional<CreateResult> result =
          key == null
              ? creations.call(new CreationBatch.Creation(task))
              : keyedCreation.create(task, key);
      if (result.isPresent()) {
        expiredDeletions.removeSoon();
        return result.get();
      }
      Optional<Task> current = find(task.userId(), task.id());
      if (current.isPresent()) {
        return new CreateResult.Exists(current.get());
      }
    }
    throw takenByNobody();
  }

  private Optional<CreateResult> insert(Task task) {
    List<@Nullable Object> arguments = new ArrayList<>(TaskRow.values(task));
    arguments.add(task.userId().value());
    arguments.add(task.id().value());
    int inserted = statements.update(INSERT, arguments);
    return inserted == 0 ? Optional.empty() : Optional.of(new CreateResult.Created(task));
  }

  @Override
  public Optional<Task> find(UserId user, TaskId id) {
    return lookUps.call(new LookUpBatch.LookUp(user, id));
  }

  CompletionStage<Optional<Task>> findLater(UserId user, TaskId id) {
    return lookUps.submit(new LookUpBatch.LookUp(user, id));
  }

  @Override
  public List<Task> list(UserId user, TaskQuery query) {
    ListStatement page = ListStatement.page(user, query);
    Supplier<List<Task>> read = () -> read(user, page.sql(), page.arguments());
    return page.isLong() ? longReads.run(user, read) : read.get();
  }

  @Override
  public long count(UserId user, TaskFilter filter) {
    ListStatement count = ListStatement.count(user, filter);
    return longReads
        .run(
            user,
            () -> statements.repeatable(count.sql(), count.arguments(), row -> row.getLong(1)))
        .get(0);
  }

  @Override
  public TaskSummary summarize(UserId user) {
    ListStatement summary = ListStatement.summary(user);
    return longReads
        .run(
            user,
            () ->
                statements.repeatable(
                    summary.sql(),
                    summary.arguments(),
                    row -> new TaskSummary(row.getLong(1), row.getLong(2))))
        .get(0);
  }

  @Override
  public WriteResult change(
      UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now) {
    return call(asked(user, id, change, precondition, now));
  }

  /** Null if it needs a thread. */
  @Nullable CompletionStage<WriteResult> changeLater(
      UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now) {
    return submit(asked(user, id, change, precondition, now));
  }

  private Asked asked(
      UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now) {
    OffsetDateTime time = TaskRow.time(now);
    return change.match(
        edit -> {
          List<@Nullable Object> values = new ArrayList<>(TaskRow.values(edit));
          values.add(time);
          return asked(edits, values, EDIT, values, user, id, precondition);
        },
        set -> {
          List<Object> values = List.of(set.completed(), time);
          return asked(completions, values, SET_COMPLETED, values, user, id, precondition);
        },
        toggle -> {
          List<@Nullable Object> values = Arrays.asList(null, time);
          return asked(completions, values, TOGGLE, List.of(time), user, id, precondition);
        });
  }

  @Override
  public WriteResult delete(UserId user, TaskId id, Precondition precondition) {
    return keepsContent
        ? call(askedToDelete(user, id, precondition))
        : deletePermanently(user, id, precondition);
  }

  /** Null if it needs a thread. */
  @Nullable CompletionStage<WriteResult> deleteLater(
      UserId user, TaskId id, Precondition precondition) {
    return keepsContent ? submit(askedToDelete(user, id, precondition)) : null;
  }

  private Asked askedToDelete(UserId user, TaskId id, Precondition precondition) {
    return asked(deletions, List.of(), DELETE, List.of(), user, id, precondition);
  }

  private Asked asked(
      Lane<TaskWrite, WriteResult> lane,
      List<? extends @Nullable Object> values,
      Write write,
      List<? extends @Nullable Object> valuesAlone,
      UserId user,
      TaskId id,
      Precondition precondition) {
    Supplier<WriteResult> alone = () -> write(write, valuesAlone, user, id, precondition);
    TaskWrite shared =
        precondition.match(
            none -> new TaskWrite(user, id, values, null, alone),
            in -> {
              Set<Revision> revisions = in.revisions();
              return revisions.size() == 1 && revisions.stream().allMatch(TaskRow::canHold)
                  ? new TaskWrite(user, id, values, revisions.iterator().next(), alone)
                  : null;
            });
    return new Asked(lane, shared, alone);
  }

  /**
   * A write of one task.
   *
   * @param shared for a statement with others; null if its precondition allows several states
   */
  private record Asked(
      Lane<TaskWrite, WriteResult> lane, @Nullable TaskWrite shared, Supplier<WriteResult> alone) {}

  private WriteResult call(Asked asked) {
    TaskWrite shared = asked.shared();
    WriteResult result = shared == null ? asked.alone().get() : asked.lane().call(shared);
    expiredDeletions.removeSoon();
    return result;
  }

  private @Nullable CompletionStage<WriteResult> submit(Asked asked) {
    TaskWrite shared = asked.shared();
    if (shared == null) {
      return null;
    }
    return asked
        .lane()
        .submit(shared)
        .whenComplete((result, failure) -> expiredDeletions.removeSoon());
  }

  /** Like {@link #delete}, and keeps none of the task's content. */
  WriteResult deletePermanently(UserId user, TaskId id, Precondition precondition) {
    WriteResult result = write(DELETE_PERMANENTLY, List.of(), user, id, precondition);
    expiredDeletions.removeSoon();
    return result;
  }

  /** A statement that writes one task, before and after the conditions that say which. */
  private record Write(String before, String after) {}

  /** Adds the conditions to a statement, and runs it on one task. */
  private WriteResult write(
      Write write,
      List<? extends @Nullable Object> values,
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
              arguments.addAll(TaskRow.values(in.revisions()));
              return " AND (created_at, version)" + TaskRow.IN_REVISIONS;
            });
    String sql = write.before() + THIS_TASK + condition + write.after();
    return statements.call(() -> write(sql, arguments, user, id, precondition));
  }

  private WriteResult write(
      String sql,
      List<@Nullable Object> arguments,
      UserId user,
      TaskId id,
      Precondition precondition) {
    for (int attempt = 1; ; attempt++) {
      List<Task> written = query(user, sql, arguments);
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

  private List<Task> read(UserId user, String sql, List<? extends @Nullable Object> arguments) {
    return statements.repeatable(sql, arguments, row -> TaskRow.read(user, row));
  }

  private List<Task> query(UserId user, String sql, List<? extends @Nullable Object> arguments) {
    return statements.query(sql, arguments, row -> TaskRow.read(user, row));
  }
}
