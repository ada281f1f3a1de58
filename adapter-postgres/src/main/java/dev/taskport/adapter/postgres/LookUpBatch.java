package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.batch.Operation;
import dev.taskport.adapter.postgres.batch.Work;
import dev.taskport.adapter.postgres.database.Statements;
import dev.taskport.adapter.postgres.database.Statements.ArrayOf;
import dev.taskport.adapter.postgres.pipeline.PipelinedRead;
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
  private final PipelinedRead<LookUp, Optional<Task>> pipelined =
      new PipelinedRead<>(
          FIND_ONE,
          FIND,
          TASK.types(),
          most(),
          lookUp -> List.of(lookUp.user().value(), lookUp.id().value()),
          Found::new);

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
        .repeatable(
            FIND_ONE,
            List.of(lookUp.user().value(), lookUp.id().value()),
            row -> TaskRow.read(lookUp.user(), row))
        .stream()
        .findFirst();
  }

  @Override
  public List<Optional<Task>> together(List<LookUp> lookUps, Runnable answered) {
    List<ArrayOf> arguments =
        TASK.arrays(lookUps.stream().map(l -> List.of(l.user().value(), l.id().value())).toList());
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

  @Override
  public PipelinedRead<LookUp, Optional<Task>> pipelined() {
    return pipelined;
  }

  /** The tasks that are found. */
  private static final class Found implements PipelinedRead.Answer<Optional<Task>> {
    private final List<LookUp> lookUps;
    private final List<Optional<Task>> results;

    Found(List<LookUp> lookUps) {
      this.lookUps = lookUps;
      results = new ArrayList<>(Collections.nCopies(lookUps.size(), Optional.empty()));
    }

    @Override
    public void add(int place, WireRow row) {
      results.set(place, Optional.of(TaskRow.read(lookUps.get(place).user(), row)));
    }

    @Override
    public List<Optional<Task>> results() {
      return results;
    }
  }

  @Override
  public boolean isRepeatable() {
    return true;
  }
}
