package dev.taskport.adapter.rest.list;

import static dev.taskport.adapter.rest.query.QueryInput.choice;
import static dev.taskport.adapter.rest.query.QueryInput.number;
import static java.util.Map.entry;

import dev.taskport.adapter.rest.json.Timestamps;
import dev.taskport.adapter.rest.query.QueryInput;
import dev.taskport.adapter.rest.query.QueryParameters;
import dev.taskport.domain.DueDate;
import dev.taskport.domain.InvalidValueException;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.Priority;
import dev.taskport.domain.Search;
import dev.taskport.domain.Tag;
import dev.taskport.domain.Tags;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskOrder.Direction;
import dev.taskport.domain.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns a request's query into the input of the use case. Some parameters have several names,
 * because front ends use different ones. All errors of a query are reported together.
 */
final class ListInput {
  static final int MAX_OFFSET = 10_000;

  private static final Map<String, Optional<Boolean>> STATUS =
      Map.ofEntries(
          entry("all", Optional.empty()),
          entry("pending", Optional.of(false)),
          entry("incomplete", Optional.of(false)),
          entry("active", Optional.of(false)),
          entry("todo", Optional.of(false)),
          entry("completed", Optional.of(true)),
          entry("done", Optional.of(true)));
  private static final Map<String, TaskOrder.Key> SORT =
      Map.ofEntries(
          entry("created_at", TaskOrder.Key.CREATED_AT),
          entry("createdat", TaskOrder.Key.CREATED_AT),
          entry("created", TaskOrder.Key.CREATED_AT),
          entry("created_date", TaskOrder.Key.CREATED_AT),
          entry("updated_at", TaskOrder.Key.UPDATED_AT),
          entry("updatedat", TaskOrder.Key.UPDATED_AT),
          entry("updated", TaskOrder.Key.UPDATED_AT),
          entry("title", TaskOrder.Key.TITLE),
          entry("due_date", TaskOrder.Key.DUE_DATE),
          entry("duedate", TaskOrder.Key.DUE_DATE),
          entry("due", TaskOrder.Key.DUE_DATE),
          entry("priority", TaskOrder.Key.PRIORITY));
  private static final Map<String, Boolean> WITHOUT_DUE_DATE = Map.of("none", true);
  private static final Map<String, Direction> ORDER =
      Map.of("asc", Direction.ASCENDING, "desc", Direction.DESCENDING);
  private static final String[] LIMIT = {"limit", "page_size", "per_page"};
  private static final String BEYOND =
      "; to get further, send limit and follow the cursor in the Link header";

  private final QueryInput query;

  private ListInput(QueryInput query) {
    this.query = query;
  }

  /**
   * Reads the query of a list of this user's tasks.
   *
   * @throws dev.taskport.adapter.rest.problem.InvalidInputException with every error
   */
  static ListParameters of(UserId user, QueryInput query) {
    ListInput input = new ListInput(query);
    TaskFilter filter = input.filter();
    TaskOrder order = input.order();
    Integer limit = query.one(QueryInput.limit(), LIMIT);
    Integer offset = query.one(number(0, MAX_OFFSET, BEYOND), "offset", "skip");
    Integer page = query.one(number(1, MAX_OFFSET + 1, BEYOND), "page");
    if (page != null && offset != null) {
      query.refuse("page", "page and offset can't be combined; send one of them");
    } else if (page != null) {
      offset = input.offset(page, limit);
    }
    PageStart start = offset == null ? PageStart.FIRST : new PageStart.Offset(offset);
    if (query.isValid()) {
      // A cursor belongs to a filter and an order, so it can't be checked without them.
      QueryInput.Reader<PageStart> cursor =
          (name, value) -> new PageStart.After(Cursor.parse(value, user, filter, order));
      PageStart after = query.one(cursor, "cursor");
      if (after != null && offset != null) {
        String other = page == null ? "offset" : "page";
        query.refuse("cursor", "cursor and " + other + " can't be combined; send only the cursor");
      }
      start = after == null ? start : after;
    }
    query.rejectIfInvalid();
    return new ListParameters(filter, order, start, limit);
  }

  /** How many tasks come before this page; null if there is only one page, or it is refused. */
  private @Nullable Integer offset(int page, @Nullable Integer limit) {
    if (limit == null) {
      if (page > 1 && query.all(LIMIT).isEmpty()) {
        query.refuse("page", "page needs limit; without it, page 1 holds all tasks");
      }
      return null;
    }
    long before = (page - 1L) * limit;
    if (before > MAX_OFFSET) {
      query.refuse("page", "page must begin within the first " + MAX_OFFSET + " tasks" + BEYOND);
      return null;
    }
    return (int) before;
  }

  private TaskFilter filter() {
    Optional<Boolean> status =
        query.one(
            choice(STATUS, "all, pending or completed (or incomplete, active, todo, done)"),
            "status",
            "status_filter");
    Boolean completed = query.one(QueryInput.flag(), "completed");
    if (status != null && status.isPresent()) {
      if (completed != null && !completed.equals(status.get())) {
        query.refuse("completed", "completed and status contradict each other; send one of them");
      }
      completed = status.get();
    }
    Set<Priority> priorities = query.one(ListInput::priorities, "priority");
    Instant dueAfter = query.one(ListInput::due, "due_after");
    Instant dueBefore = query.one(ListInput::due, "due_before");
    boolean withoutDueDate = query.one(choice(WITHOUT_DUE_DATE, "none"), "due") != null;
    if (withoutDueDate && (dueAfter != null || dueBefore != null)) {
      String bound = dueAfter != null ? "due_after" : "due_before";
      query.refuse("due", "due=none and " + bound + " contradict each other; send one of them");
    }
    return new TaskFilter(
        completed,
        query.one((name, value) -> Search.parse(value), "search", "q"),
        query.one(ListInput::time, "created_after"),
        query.one(ListInput::time, "created_before"),
        query.one(ListInput::time, "updated_after"),
        query.one(ListInput::time, "updated_before"),
        priorities == null ? Set.of() : priorities,
        tags(),
        dueAfter,
        dueBefore,
        withoutDueDate);
  }

  private static Set<Priority> priorities(String name, String value) {
    Set<Priority> priorities = EnumSet.noneOf(Priority.class);
    for (String priority : value.split(",", -1)) {
      try {
        priorities.add(Priority.parse(priority.strip()));
      } catch (InvalidValueException e) {
        throw new InvalidValueException(
            name + " must be low, medium, high or urgent, or several of these with commas");
      }
    }
    return priorities;
  }

  /** The only parameter that may say several things: all of them count. */
  private Tags tags() {
    List<Tag> tags = new ArrayList<>();
    for (QueryParameters.Parameter parameter : query.all("tag", "tags")) {
      Tags more = query.read((name, value) -> Tags.parse(value), parameter);
      if (more != null) {
        tags.addAll(more.values());
      }
    }
    try {
      return Tags.of(tags);
    } catch (InvalidValueException e) {
      query.refuse("tag", String.valueOf(e.getMessage()));
      return Tags.NONE;
    }
  }

  private TaskOrder order() {
    TaskOrder.Key key =
        query.one(
            choice(SORT, "created_at, updated_at, title, due_date or priority"),
            "sort",
            "sortBy",
            "sort_by");
    Direction direction =
        query.one(choice(ORDER, "asc or desc"), "order", "sortOrder", "sort_order");
    if (key == null) {
      key = TaskOrder.NEWEST_FIRST.key();
    }
    return new TaskOrder(key, direction == null ? usualDirection(key) : direction);
  }

  private static Direction usualDirection(TaskOrder.Key key) {
    return switch (key) {
      case CREATED_AT, UPDATED_AT -> Direction.DESCENDING;
      case TITLE, DUE_DATE, PRIORITY -> Direction.ASCENDING;
    };
  }

  private static Instant time(String name, String value) {
    return Timestamps.parse(value)
        .orElseThrow(
            () ->
                new InvalidValueException(
                    name
                        + " must be a time with its offset from UTC (RFC 3339), such as"
                        + " 2026-11-21T09:47:36Z or 2026-11-21T10:47:36%2B01:00"));
  }

  private static Instant due(String name, String value) {
    Optional<Instant> time = Timestamps.parse(value);
    if (time.isPresent()) {
      return time.get();
    }
    try {
      return DueDate.parse(value).instant();
    } catch (InvalidValueException e) {
      throw new InvalidValueException(
          name
              + " must be a date, such as 2026-12-24, or a time (RFC 3339), such as"
              + " 2026-12-24T18:00:00Z or 2026-12-24T19:00:00%2B01:00");
    }
  }
}
