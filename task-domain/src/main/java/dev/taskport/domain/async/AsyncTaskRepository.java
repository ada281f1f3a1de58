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
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The port for the most frequent calls, each of which returns at once and tells its result later.
 * The results are those of {@link TaskRepository} and {@link TaskChangeLog}: a stage fails with
 * what their method would throw, such as {@link dev.taskport.domain.StoreUnavailableException}, and
 * every stage ends in the time that their method would take. A read shows every change that was
 * confirmed before it was asked for.
 *
 * <p>A stage may end on a thread that the store needs for others: what follows it must not block,
 * or run on another executor. Implementations are safe for use by many threads.
 */
public interface AsyncTaskRepository {

  /** As {@link TaskRepository#create}. */
  CompletionStage<CreateResult> create(UserId user, NewTask task, @Nullable IdempotencyKey key);

  /** As {@link TaskRepository#find}. */
  CompletionStage<Optional<Task>> find(UserId user, TaskId id);

  /** As {@link TaskChangeLog#listMarked}. */
  CompletionStage<MarkedTasks> listMarked(UserId user, TaskQuery query);

  /** As {@link TaskRepository#change}. */
  CompletionStage<WriteResult> change(
      UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now);

  /** As {@link TaskRepository#delete}. */
  CompletionStage<WriteResult> delete(UserId user, TaskId id, Precondition precondition);
}
