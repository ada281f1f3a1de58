package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.batch.Operation;
import dev.taskport.adapter.postgres.batch.Work;
import dev.taskport.adapter.postgres.database.Statements;
import dev.taskport.adapter.postgres.database.Statements.ArrayOf;
import dev.taskport.adapter.postgres.pipeline.PipelinedStatement;
import dev.taskport.adapter.postgres.pipeline.WireRow;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds several tasks, of any users, by one statement. */
final class LookUpBatch implements Work<LookUpBatch.LookUp, Optional<Task>> {
  private static final Columns TASK = Columns.of("owner text, task_id uuid");

  // One after the other, by the primary key: with a limit, no plan reads the whole table.
  private static final String FIND =
      "SELECT task.*, n FROM "
          + TASK.asked()
          + " CROSS JOIN LATERAL (SELECT "
          + TaskRow.COLUMNS
          + " FROM tasks WHERE user_id = owner AND id = task_id LIMIT 1) AS task";

  private static final String FIND_ONE =
      "SELECT " + TaskRow.COLUMNS + " FROM tasks WHERE user_id = ? AND id = ?";

  private final Statements statements;

  LookUpBatch(Statements statements) {
    this.statements = statements;
  }

  /** Which task is looked for. */
  record LookUp(UserId user, TaskId id) implements Operation {
    @Override
    public @Nullable Object target() {
      return null;
    }
  }

  @Override
  public Optional<Task> alone(LookUp lookUp) {
    return statements
        .repeatable(FIND_ONE, values(lookUp), row -> TaskRow.read(lookUp.user(), row))
        .stream()
        .findFirst();
  }

  @Override
  public List<Optional<Task>> together(List<LookUp> lookUps, Runnable answered) {
    List<ArrayOf> arguments = TASK.arrays(lookUps.stream().map(LookUpBatch::values).toList());
    List<Optional<Task>> results =
        new ArrayList<>(Collections.nCopies(lookUps.size(), Optional.empty()));
    var unused =
        statements.once(
            FIND,
            arguments,
            answered,
            row -> {
              int place = row.getInt(TaskRow.NUMBER_OF_COLUMNS + 1) - 1;
              return results.set(place, Optional.of(TaskRow.read(lookUps.get(place).user(), row)));
            });
    return results;
  }

  private static List<Object> values(LookUp lookUp) {
    return List.of(lookUp.user().value(), lookUp.id().value());
  }

  @Override
  public PipelinedStatement<Optional<Task>> statement(List<LookUp> lookUps) {
    List<List<Object>> values = lookUps.stream().map(LookUpBatch::values).toList();
    return TASK.statement(FIND_ONE, FIND, values, new Found(lookUps));
  }

  @Override
  public boolean isWrite() {
    return false;
  }

  /** The tasks that are found. */
  private static final class Found implements PipelinedStatement.Answer<Optional<Task>> {
    private final List<LookUp> lookUps;
    private final List<Optional<Task>> results;

    Found(List<LookUp> lookUps) {
      this.lookUps = lookUps;
      results = new ArrayList<>(Collections.nCopies(lookUps.size(), Optional.empty()));
    }

    @Override
    public void add(WireRow row) {
      int place = lookUps.size() == 1 ? 0 : row.place();
      results.set(place, Optional.of(TaskRow.read(lookUps.get(place).user(), row)));
    }

    @Override
    public List<Optional<Task>> results() {
      return results;
    }
  }

  @Override
  public int most() {
    return MANY;
  }

  @Override
  public boolean isRepeatable() {
    return true;
  }
}
