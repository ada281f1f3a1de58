package dev.taskport.domain.changelog;

import dev.taskport.domain.Task;
import dev.taskport.domain.TaskId;
import java.time.Instant;
import java.util.function.Function;

/** The newest change of one task. Earlier changes of the same task are not told. */
public sealed interface LogEntry {
  /** The task's id. */
  TaskId id();

  /** Where a follower stands who has read this entry and all entries before it. */
  SyncPoint point();

  /** Applies the function for this kind of entry, and returns what it returns. */
  <R> R match(Function<Stored, R> stored, Function<Deleted, R> deleted);

  /**
   * The task was created, changed or restored.
   *
   * @param task the task as it is now
   */
  record Stored(Task task, SyncPoint point) implements LogEntry {
    @Override
    public TaskId id() {
      return task.id();
    }

    @Override
    public <R> R match(Function<Stored, R> stored, Function<Deleted, R> deleted) {
      return stored.apply(this);
    }
  }

  /**
   * The task was deleted.
   *
   * @param deletedAt when, by the store's clock, in microseconds
   */
  record Deleted(TaskId id, Instant deletedAt, SyncPoint point) implements LogEntry {
    @Override
    public <R> R match(Function<Stored, R> stored, Function<Deleted, R> deleted) {
      return deleted.apply(this);
    }
  }
}
