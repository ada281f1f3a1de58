package dev.taskport.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where tasks are kept: the port that a store implements. {@code TaskRepositoryContract} in the
 * test kit checks an implementation against what is promised here.
 *
 * <p>A user sees and touches nothing but their own tasks; another user's task is as good as none.
 * Each method takes effect as a whole or not at all, and two calls at once as if one came after the
 * other. Times are kept in microseconds; what is written is what is read. They lie in the years 1
 * to 9999, which RFC 3339 can tell: what an older program left beyond, a store reads as the nearest
 * of these. Any method may throw {@link StoreUnavailableException}. Implementations are safe for
 * use by many threads.
 */
public interface TaskRepository {

  /**
   * Stores a new task, and the key with it.
   *
   * @param task a task of this user, as {@link Task#create} makes it
   * @param key the client's name for this creation, if it gave one. Kept for as long as the store
   *     is configured to, beyond the task's deletion: the same key again with the same title and
   *     description gives {@link CreateResult.Replayed}, with others {@link
   *     CreateResult.KeyReused}. The task's id and times don't count as content. A key takes
   *     precedence over the id.
   */
  CreateResult create(UserId user, Task task, @Nullable IdempotencyKey key);

  /** The user's task of this id, if there is one. */
  Optional<Task> find(UserId user, TaskId id);

  /** All of the user's tasks, newest first; created at the same time, the greater id first. */
  List<Task> list(UserId user);

  /**
   * Changes a task as {@link Task#apply} does, in one step with the check of the precondition.
   *
   * @param now the time of the change
   */
  WriteResult change(
      UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now);

  /** Deletes a task, in one step with the check of the precondition. */
  WriteResult delete(UserId user, TaskId id, Precondition precondition);
}
