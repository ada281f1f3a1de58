package dev.taskport.application;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import dev.taskport.domain.async.AsyncTaskRepository;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Creates a task. Safe for use by many threads, and keeps none waiting. */
public final class CreateTask {
  private final AsyncTaskRepository tasks;
  private final Supplier<UUID> ids;
  private final Clock clock;

  /**
   * With the store, the clock and the source of ids.
   *
   * @param ids returns a new id at each call; UUIDv7 keeps a store's indexes small
   */
  public CreateTask(AsyncTaskRepository tasks, Supplier<UUID> ids, Clock clock) {
    this.tasks = tasks;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Creates the task, only once for each key.
   *
   * @param key the client's idempotency key; {@code null} if it sent none
   */
  public CompletionStage<CreateResult> create(
      UserId user, TaskDraft draft, @Nullable IdempotencyKey key) {
    TaskId id = draft.id() != null ? draft.id() : new TaskId(ids.get());
    return tasks.create(user, new NewTask(id, draft.content(), clock.instant()), key);
  }
}
