package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.batch.Operation;
import dev.taskport.domain.Revision;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A change or deletion of one task.
 *
 * @param values what the kind of write needs to know
 * @param known the state that the task must be in; null allows any
 * @param alone carries it out by a statement of its own
 */
record TaskWrite(
    UserId user,
    TaskId id,
    List<? extends @Nullable Object> values,
    @Nullable Revision known,
    Supplier<WriteResult> alone)
    implements Operation {

  @Override
  public Object target() {
    return new Row(user, id);
  }

  /** A task's place. */
  record Row(UserId user, TaskId id) {}
}
