package dev.taskport.domain.changelog;

import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The port of the deleted tasks. {@link TaskRepository#delete} moves a task here, where it is kept
 * for the store's configured retention, by the store's clock. No method of {@link TaskRepository}
 * sees it any more. A new task with the same id takes its place. Each method takes effect as a
 * whole or not at all. Any method may throw {@link dev.taskport.domain.StoreUnavailableException}.
 * Implementations are safe for use by many threads.
 */
public interface TaskTrash {
  /** The value of {@code before} for the first page. */
  long NEWEST = Long.MAX_VALUE;

  /**
   * The user's deleted tasks that can be restored, the newest deletion first.
   *
   * @param before only deletions with a lower number than this: {@link #NEWEST}, or the number of
   *     the last task of the page before
   * @param limit the most tasks to return, at least 1
   */
  List<DeletedTask> listDeleted(UserId user, long before, int limit);

  /**
   * Brings a deleted task back under its id: as it was when it was deleted, with the next version,
   * and modified now. Of several concurrent calls, one finds it.
   *
   * @param now the time of the restoration; cut to microseconds. The task's {@code updatedAt}
   *     doesn't go back.
   * @return the task; empty if the user has no deleted task with this id that can be restored
   */
  Optional<Task> restore(UserId user, TaskId id, Instant now);

  /**
   * Deletes a task and keeps none of its content. A task that was deleted before loses its content,
   * too. The change log tells the deletion as any other.
   *
   * @return {@link WriteResult.NotFound} if there is no such task, and no deleted one that can be
   *     restored
   */
  WriteResult deletePermanently(UserId user, TaskId id, Precondition precondition);
}
