package dev.taskport.domain.changelog;

import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import org.jspecify.annotations.Nullable;

/**
 * The port that tells what changed in a user's tasks. A store of tasks implements it beside {@link
 * TaskRepository}; {@code TaskChangeLogContract} in the test kit checks its promises.
 *
 * <p>Every creation, edit, completion, deletion and restoration gives the task the next number of
 * its user, in the same atomic step. A change that modifies nothing and one that is refused get
 * none. The numbers of a user follow the order in which the changes become visible: once anybody
 * has seen a number, no change with a lower one becomes visible any more. Numbers may be left out.
 * A task that was stored before there was a log has the number 0.
 *
 * <p>A follower who reads from the beginning, always goes on from the point of the last page, and
 * applies each entry by the task's id, holds exactly the user's tasks when a page says that there
 * is no more, whatever happened meanwhile. So does one who goes on from any earlier point of theirs
 * with the copy that they had there. Deletions are remembered at least for the store's configured
 * retention, by the store's clock. Any method may throw {@link
 * dev.taskport.domain.StoreUnavailableException}. Implementations are safe for use by many threads.
 */
public interface TaskChangeLog {

  /** How far the user's log has come. Costs the same for any number of tasks. */
  LogMark mark(UserId user);

  /**
   * What changed after a point, the oldest change first; tasks with the number 0 by their ids.
   * Costs what its entries cost, for any number of tasks.
   *
   * @param since where to read on; {@code null} reads from the beginning: all tasks that there are,
   *     and no deletions from before the reading began
   * @param limit the most entries to return, at least 1
   * @return {@link LogReading.StartOver} if the point is of another log or ahead of this one, or if
   *     deletions after it were forgotten; never for {@code null}, and never for deletions from
   *     before the follower began to read
   */
  LogReading read(UserId user, @Nullable SyncPoint since, int limit);

  /**
   * A page as {@link TaskRepository#list} returns it, and a mark that is not ahead of it: the page
   * shows every change up to the mark.
   */
  MarkedTasks listMarked(UserId user, TaskQuery query);
}
