package dev.taskport.testkit;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.TaskSummary;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.async.AsyncTaskRepository;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The calls of an {@link AsyncTaskRepository}, each of which waits for its result: so all contracts
 * of the kit can be run on them. A call throws what its stage fails with. Safe for use by many
 * threads.
 */
public final class AwaitedTaskRepository implements TaskRepository {
  private final AsyncTaskRepository async;
  private final TaskRepository others;

  /**
   * With the calls to wait for.
   *
   * @param others the same store; is asked for what the other port can't do
   */
  public AwaitedTaskRepository(AsyncTaskRepository async, TaskRepository others) {
    this.async = async;
    this.others = others;
  }

  @Override
  public CreateResult create(UserId user, NewTask task, @Nullable IdempotencyKey key) {
    return await(async.create(user, task, key));
  }

  @Override
  public Optional<Task> find(UserId user, TaskId id) {
    return await(async.find(user, id));
  }

  @Override
  public List<Task> list(UserId user, TaskQuery query) {
    return await(async.listMarked(user, query)).tasks();
  }

  @Override
  public long count(UserId user, TaskFilter filter) {
    return others.count(user, filter);
  }

  @Override
  public TaskSummary summarize(UserId user) {
    return others.summarize(user);
  }

  @Override
  public WriteResult change(
      UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now) {
    return await(async.change(user, id, change, precondition, now));
  }

  @Override
  public WriteResult delete(UserId user, TaskId id, Precondition precondition) {
    return await(async.delete(user, id, precondition));
  }

  /** The result; throws what the stage fails with. */
  static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while a call was under way", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
