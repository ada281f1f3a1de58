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
 * other. Times are kept in microseconds and lie in the years 1 to 9999, which RFC 3339 can tell;
 * those in filters and positions do, too. What is written is what is read: texts are the same only
 * if all their characters are, user ids and keys too. Any method may throw {@link
 * StoreUnavailableException}. Implementations are safe for use by many threads.
 */
public interface TaskRepository {

  /**
   * Stores what {@link Task#create} makes of the new task, and the key with it.
   *
   * @param key the client's name for this creation, if it gave one: the same key again with an
   *     equal content gives {@link CreateResult.Replayed}, with another {@link
   *     CreateResult.KeyReused}; the task's id and time don't count. A key takes precedence over
   *     the id. It outlives the task. It is kept at least for the retention that the store is
   *     configured with, by the store's own clock, whatever the time of the task; some time after
   *     that it is forgotten, and then names a new creation. A creation that is refused leaves no
   *     key.
   */
  CreateResult create(UserId user, NewTask task, @Nullable IdempotencyKey key);

  /** The user's task of this id, if there is one. */
  Optional<Task> find(UserId user, TaskId id);

  /**
   * The user's tasks that the query asks for. Going on after the position of the last task of a
   * page until a page is short, one meets every task exactly once that is there all the time, that
   * the filter lets through all the time, and whose position doesn't change, whatever else is
   * written meanwhile.
   */
  List<Task> list(UserId user, TaskQuery query);

  /** How many of the user's tasks the filter lets through. */
  long count(UserId user, TaskFilter filter);

  /** How many tasks the user has. */
  TaskSummary summarize(UserId user);

  /**
   * Changes a task as {@link Task#apply} does, in one step with the check of the precondition.
   *
   * @param now the time of the change; cut to microseconds
   */
  WriteResult change(
      UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now);

  /** Deletes a task, in one step with the check of the precondition. */
  WriteResult delete(UserId user, TaskId id, Precondition precondition);
}
