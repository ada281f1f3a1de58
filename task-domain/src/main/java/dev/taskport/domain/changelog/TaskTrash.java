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
 * The port of the deleted tasks, for a store that has a {@link TaskChangeLog}; {@code
 * TaskTrashContract} in the test kit checks its promises. {@link TaskRepository#delete} moves a
 * task here. It is kept at least for the store's configured retention, by the store's clock; some
 * time after it, nothing of its content is left. With a retention of 0 none is kept at all. No
 * method of {@link TaskRepository} sees a deleted task. A new task with the same id takes its
 * place.
 *
 * <p>A user can see and restore only their own tasks. Each method takes effect as a whole or not at
 * all. Concurrent calls, those of {@link TaskRepository} too, take effect as if they ran one after
 * the other. Any method may throw {@link dev.taskport.domain.StoreUnavailableException}.
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
   * and modified now, as {@link Task#restored} does. Of several concurrent calls, one finds it.
   *
   * @param now the time of the restoration; cut to microseconds
   * @return the task; empty if the user has no deleted task with this id that can be restored
   */
  Optional<Task> restore(UserId user, TaskId id, Instant now);

  /**
   * Checks the precondition, deletes the task and keeps none of its content. A task that was
   * deleted before loses its content, too, if the precondition allows the state in which it was
   * deleted. The change log tells the deletion as any other.
   *
   * @return {@link WriteResult.NotFound} if there is no such task, and no deleted one that can be
   *     restored
   */
  WriteResult deletePermanently(UserId user, TaskId id, Precondition precondition);
}
