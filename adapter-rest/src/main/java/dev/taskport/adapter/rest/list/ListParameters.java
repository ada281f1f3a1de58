package dev.taskport.adapter.rest.list;

import dev.taskport.domain.PageStart;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskQuery;
import org.jspecify.annotations.Nullable;

/**
 * The parameters that a client sent in the query of a list.
 *
 * @param limit how many tasks at most; null for all
 */
record ListParameters(
    TaskFilter filter, TaskOrder order, PageStart start, @Nullable Integer limit) {

  /** The query for the use case. */
  TaskQuery query(int pageSize) {
    return new TaskQuery(filter, order, start, limit == null ? pageSize : limit);
  }
}
