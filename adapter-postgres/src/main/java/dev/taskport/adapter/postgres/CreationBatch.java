package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.batch.Operation;
import dev.taskport.adapter.postgres.batch.Work;
import dev.taskport.adapter.postgres.database.Statements;
import dev.taskport.adapter.postgres.database.Statements.ArrayOf;
import dev.taskport.adapter.postgres.pipeline.PipelinedStatement;
import dev.taskport.adapter.postgres.pipeline.WireRow;
import dev.taskport.domain.CreateResult;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Creates several tasks, of any users, by one statement. */
final class CreationBatch implements Work<CreationBatch.Creation, Optional<CreateResult>> {
  private static final String INSERT =
      TaskRow.INSERT
          + "SELECT "
          + TaskRow.OF_TASKS.ofAsked()
          + " FROM "
          + LockedLogs.asked(TaskRow.OF_TASKS, "user_id")
          + """
            WHERE NOT EXISTS (
              SELECT FROM tasks WHERE tasks.user_id = asked.user_id AND tasks.id = asked.id)
            ON CONFLICT (user_id, id) DO NOTHING
            RETURNING user_id, id
          """;

  private final Statements statements;
  private final Function<Task, Optional<CreateResult>> alone;

  /**
   * @param alone creates a task by a statement of its own; empty if its id is taken
   */
  CreationBatch(Statements statements, Function<Task, Optional<CreateResult>> alone) {
    this.statements = statements;
    this.alone = alone;
  }

  /** A new task, without a key. */
  record Creation(Task task) implements Operation {
    @Override
    public UserId user() {
      return task.userId();
    }

    @Override
    public TaskWrite.Row target() {
      return new TaskWrite.Row(task.userId(), task.id());
    }
  }

  @Override
  public Optional<CreateResult> alone(Creation creation) {
    return alone.apply(creation.task());
  }

  @Override
  public List<@Nullable Optional<CreateResult>> together(
      List<Creation> creations, Runnable answered) {
    Created created = new Created(creations);
    for (TaskWrite.Row row :
        statements.once(
            INSERT,
            arguments(creations),
            answered,
            row -> row(row.getString(1), row.getObject(2, UUID.class)))) {
      created.add(row);
    }
    return created.results();
  }

  private static List<ArrayOf> arguments(List<Creation> creations) {
    return TaskRow.OF_TASKS.arrays(
        creations.stream().map(creation -> TaskRow.values(creation.task())).toList());
  }

  private static TaskWrite.Row row(String user, UUID id) {
    return new TaskWrite.Row(UserId.parse(user), new TaskId(id));
  }

  @Override
  public PipelinedStatement<Optional<CreateResult>> statement(List<Creation> creations) {
    return new PipelinedStatement<>(
        INSERT, TaskRow.OF_TASKS.arrayTypes(), arguments(creations), new Created(creations));
  }

  @Override
  public boolean isWrite() {
    return true;
  }

  @Override
  public int most() {
    return MANY;
  }

  @Override
  public boolean isRepeatable() {
    return false;
  }

  /** The tasks that are created. */
  private static final class Created implements PipelinedStatement.Answer<Optional<CreateResult>> {
    private final List<Creation> creations;
    private final Set<TaskWrite.Row> rows = new HashSet<>();

    Created(List<Creation> creations) {
      this.creations = creations;
    }

    void add(TaskWrite.Row row) {
      rows.add(row);
    }

    @Override
    public void add(WireRow row) {
      add(row(row.text(1), row.uuid(2)));
    }

    @Override
    public List<@Nullable Optional<CreateResult>> results() {
      List<@Nullable Optional<CreateResult>> results = new ArrayList<>();
      for (Creation creation : creations) {
        boolean isCreated = rows.contains(creation.target());
        results.add(isCreated ? Optional.of(new CreateResult.Created(creation.task())) : null);
      }
      return results;
    }
  }
}
