package dev.taskport.adapter.rest.list;

import dev.taskport.adapter.rest.json.Timestamps;
import dev.taskport.adapter.rest.task.UserTasks;
import dev.taskport.domain.Position;
import dev.taskport.domain.Priority;
import dev.taskport.domain.Search;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskOrder;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The links from a page to the first and the next page, for the {@code Link} header (RFC 8288).
 * They are relative to the host. Their query is built from the parsed parameters, not copied from
 * the request.
 */
final class PageLinks {
  private final UserTasks tasks;
  private final ListParameters list;

  PageLinks(UserTasks tasks, ListParameters list) {
    this.tasks = tasks;
    this.list = list;
  }

  /** The header's value for a page that ends here; null for the last page. */
  String header(@Nullable Position end) {
    String first = "<" + target(null) + ">; rel=\"first\"";
    if (end == null) {
      return first;
    }
    String cursor = Cursor.of(end, tasks.user(), list.filter(), list.order());
    return first + ", <" + target(cursor) + ">; rel=\"next\"";
  }

  private String target(@Nullable String cursor) {
    TaskFilter filter = list.filter();
    TaskOrder order = list.order();
    Search search = filter.search();
    StringBuilder target = new StringBuilder(tasks.path()).append("?limit=");
    target.append(list.limit());
    if (filter.completed() != null) {
      add(target, "status", filter.completed() ? "completed" : "pending");
    }
    add(target, "search", search == null ? null : search.value());
    add(target, "created_after", filter.createdAfter());
    add(target, "created_before", filter.createdBefore());
    add(target, "updated_after", filter.updatedAfter());
    add(target, "updated_before", filter.updatedBefore());
    if (!filter.priorities().isEmpty()) {
      add(
          target,
          "priority",
          filter.priorities().stream().map(Priority::value).collect(Collectors.joining(",")));
    }
    filter.tags().values().forEach(tag -> add(target, "tag", tag.value()));
    add(target, "due_after", filter.dueAfter());
    add(target, "due_before", filter.dueBefore());
    add(target, "due", filter.withoutDueDate() ? "none" : null);
    if (!order.equals(TaskOrder.NEWEST_FIRST)) {
      add(target, "sort", order.key().name().toLowerCase(Locale.ROOT));
      add(target, "order", order.direction() == TaskOrder.Direction.ASCENDING ? "asc" : "desc");
    }
    add(target, "cursor", cursor);
    return target.toString();
  }

  private static void add(StringBuilder target, String name, @Nullable Instant time) {
    add(target, name, time == null ? null : Timestamps.format(time));
  }

  private static void add(StringBuilder target, String name, @Nullable String value) {
    if (value != null) {
      target.append('&').append(name).append('=').append(UserTasks.escape(value));
    }
  }
}
