package dev.taskport.adapter.postgres;

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
import dev.taskport.domain.async.AsyncTaskRepository;
import dev.taskport.domain.async.ThreadedTaskRepository;
import dev.taskport.domain.changelog.MarkedTasks;
import dev.taskport.domain.changelog.TaskChangeLog;
import io.micronaut.core.propagation.PropagatedContext;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Calls through the lanes, which keep no caller waiting. What may take long has a thread. */
@Singleton
final class PostgresAsyncTaskRepository implements AsyncTaskRepository {
  private final PostgresTaskRepository tasks;
  private final PostgresTaskChangeLog log;
  private final AsyncTaskRepository onThreads;

  PostgresAsyncTaskRepository(
      PostgresTaskRepository tasks,
      PostgresTaskChangeLog log,
      @Named(TaskExecutors.BLOCKING) ExecutorService threads) {
    this.tasks = tasks;
    this.log = log;
    onThreads = onThreads(threads, tasks, log);
  }

  /** Each call on a thread, in the context of the request that it is for. */
  static AsyncTaskRepository onThreads(
      ExecutorService threads, TaskRepository tasks, TaskChangeLog log) {
    return new ThreadedTaskRepository(
        call -> threads.execute(PropagatedContext.wrapCurrent(call)), tasks, log);
  }

  @Override
  public CompletionStage<CreateResult> create(
      UserId user, NewTask task, @Nullable IdempotencyKey key) {
    return tasks.createLater(user, task, key);
  }

  @Override
  public CompletionStage<Optional<Task>> find(UserId user, TaskId id) {
    return tasks.findLater(user, id);
  }

  @Override
  public CompletionStage<MarkedTasks> listMarked(UserId user, TaskQuery query) {
    PageBatch.Page page = PostgresTaskChangeLog.page(user, query);
    return PostgresTaskChangeLog.isShort(page, query)
        ? log.listLater(page)
        : onThreads.listMarked(user, query);
  }

  @Override
  public CompletionStage<WriteResult> change(
      UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now) {
    CompletionStage<WriteResult> later = tasks.changeLater(user, id, change, precondition, now);
    return later != null ? later : onThreads.change(user, id, change, precondition, now);
  }

  @Override
  public CompletionStage<WriteResult> delete(UserId user, TaskId id, Precondition precondition) {
    CompletionStage<WriteResult> later = tasks.deleteLater(user, id, precondition);
    return later != null ? later : onThreads.delete(user, id, precondition);
  }
}
