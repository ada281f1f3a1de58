package dev.taskport.domain.async;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.changelog.MarkedTasks;
import dev.taskport.domain.changelog.TaskChangeLog;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls of a store that blocks, each on a thread of its own. Fails at once with what the executor
 * throws if it takes no more.
 */
public final class ThreadedTaskRepository implements AsyncTaskRepository {
  private final Executor threads;
  private final TaskRepository tasks;
  private final TaskChangeLog log;

  /**
   * Makes the calls of a store.
   *
   * @param threads runs each call; the callers wait for none if it doesn't run them itself
   */
  public ThreadedTaskRepository(Executor threads, TaskRepository tasks, TaskChangeLog log) {
    this.threads = threads;
    this.tasks = tasks;
    this.log = log;
  }

  @Override
  public CompletionStage<CreateResult> create(
      UserId user, NewTask task, @Nullable IdempotencyKey key) {
    return later(() -> tasks.create(user, task, key));
  }

  @Override
  public CompletionStage<Optional<Task>> find(UserId user, TaskId id) {
    return later(() -> tasks.find(user, id));
  }

  @Override
  public CompletionStage<MarkedTasks> listMarked(UserId user, TaskQuery query) {
    return later(() -> log.listMarked(user, query));
  }

  @Override
  public CompletionStage<WriteResult> change(
      UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now) {
    return later(() -> tasks.change(user, id, change, precondition, now));
  }

  @Override
  public CompletionStage<WriteResult> delete(UserId user, TaskId id, Precondition precondition) {
    return later(() -> tasks.delete(user, id, precondition));
  }

  private <T> CompletionStage<T> later(Supplier<T> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      threads.execute(
          () -> {
            try {
              result.complete(call.get());
            } catch (RuntimeException | Error e) {
              result.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(e);
    }
    return result;
  }
}
