package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.batch.Operation;
import dev.taskport.adapter.postgres.batch.Work;
import dev.taskport.adapter.postgres.database.Statements;
import dev.taskport.adapter.postgres.pipeline.OneRowEach;
import dev.taskport.adapter.postgres.pipeline.PipelinedStatement;
import dev.taskport.domain.CreateResult;
import dev.taskport.domain.Task;
import dev.taskport.domain.UserId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Creates several tasks, of any users, by one statement. */
final class CreationBatch implements Work<CreationBatch.Creation, Optional<CreateResult>> {
  private static final String INSERT =
      LockedLogs.LOGS
          + ", asked AS MATERIALIZED (SELECT * FROM "
          + TaskRow.OF_TASKS.asked()
          + "), stored AS ("
          + TaskRow.INSERT
          + "SELECT "
          + TaskRow.OF_TASKS.ofAsked()
          + """
           FROM asked JOIN logs ON logs.user_id = asked.user_id
            WHERE NOT EXISTS (
              SELECT FROM tasks WHERE tasks.user_id = asked.user_id AND tasks.id = asked.id)
            ON CONFLICT (user_id, id) DO NOTHING
            RETURNING user_id, id
          )
          SELECT n FROM stored JOIN asked ON asked.user_id = stored.user_id AND asked.id = stored.id
          """;

  private static final List<String> TYPES = LockedLogs.and(TaskRow.OF_TASKS.arrayTypes());

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
    public Object target() {
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
    List<@Nullable Optional<CreateResult>> results =
        new ArrayList<>(Collections.nCopies(creations.size(), null));
    for (int n : statements.once(INSERT, arguments(creations), answered, row -> row.getInt(1))) {
      results.set(n - 1, created(creations.get(n - 1)));
    }
    return results;
  }

  private static Optional<CreateResult> created(Creation creation) {
    return Optional.of(new CreateResult.Created(creation.task()));
  }

  private static List<Object> arguments(List<Creation> creations) {
    List<Object> arguments = new ArrayList<>();
    arguments.add(LockedLogs.of(creations.stream().map(Creation::user)));
    arguments.addAll(
        TaskRow.OF_TASKS.arrays(
            creations.stream().map(creation -> TaskRow.values(creation.task())).toList()));
    return arguments;
  }

  @Override
  public PipelinedStatement<Optional<CreateResult>> statement(List<Creation> creations) {
    return new PipelinedStatement<>(
        INSERT,
        TYPES,
        arguments(creations),
        new OneRowEach<>(creations, (creation, row) -> created(creation)));
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
}
