package dev.taskport.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The port that a store of tasks implements. {@code TaskRepositoryContract} in the test kit checks
 * that an implementation keeps the promises made here.
 *
 * <p>A user can read and change only their own tasks. For any other user, a task doesn't exist.
 * Each method takes effect as a whole or not at all. Concurrent calls take effect as if they ran
 * one after the other. Times are kept in microseconds and lie in the years 1 to 9999, the range of
 * RFC 3339; so do the times in filters and positions. A read returns exactly the values that were
 * written. Two texts, user ids or keys are equal only if all their characters are. Any method may
 * throw {@link StoreUnavailableException}. Implementations are safe for use by many threads.
 */
public interface TaskRepository {

  /**
   * Creates the task by {@link Task#create}, and stores it together with the key.
   *
   * @param key the client's idempotency key; {@code null} if it sent none. The same key with equal
   *     content gives {@link CreateResult.Replayed}, with different content {@link
   *     CreateResult.KeyReused}; the task's id and time are not compared. The key is checked before
   *     the id. The store keeps a key at least for its configured retention, by the store's own
   *     clock, whatever the task's time, and even after the task is deleted. Some time after the
   *     retention it forgets the key, which can then be used for a new creation. A refused creation
   *     leaves no key.
   */
  CreateResult create(UserId user, NewTask task, @Nullable IdempotencyKey key);

  /** The user's task with this id, if there is one. */
  Optional<Task> find(UserId user, TaskId id);

  /**
   * One page of the user's tasks. To read the whole list, start each page after the position of the
   * last task of the page before, until a page has fewer tasks than its limit. Other writes may
   * happen meanwhile. A task appears exactly once if, during the whole reading, it exists, matches
   * the filter and keeps its position.
   */
  List<Task> list(UserId user, TaskQuery query);

  /** How many of the user's tasks match the filter. */
  long count(UserId user, TaskFilter filter);

  /** How many completed and pending tasks the user has. */
  TaskSummary summarize(UserId user);

  /**
   * Checks the precondition and changes the task as {@link Task#apply} does, in one atomic step.
   *
   * @param now the time of the change; cut to microseconds
   */
  WriteResult change(
      UserId user, TaskId id, TaskChange change, Precondition precondition, Instant now);

  /** Checks the precondition and deletes the task, in one atomic step. */
  WriteResult delete(UserId user, TaskId id, Precondition precondition);
}
