package dev.taskport.adapter.rest.list;

import dev.taskport.domain.PageStart;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.UserId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters that a client sent in the query of a list.
 *
 * @param limit how many tasks at most; null for all
 */
record ListParameters(
    TaskFilter filter, TaskOrder order, PageStart start, @Nullable Integer limit) {

  /** The tag of the answer to these parameters; {@code counted} if it tells the number of tasks. */
  ListTag tag(UserId user, boolean counted) {
    List<@Nullable Object> query = new ArrayList<>(Cursor.parts(user, filter, order));
    query.add(start);
    query.add(limit);
    query.add(counted);
    return new ListTag(query);
  }

  /** The query for the use case. */
  TaskQuery query(int pageSize) {
    return new TaskQuery(filter, order, start, limit == null ? pageSize : limit);
  }
}
