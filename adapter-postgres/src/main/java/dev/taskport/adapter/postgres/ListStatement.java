package dev.taskport.adapter.postgres;

import static dev.taskport.domain.Priority.MEDIUM;
import static java.util.stream.Collectors.joining;

import dev.taskport.domain.DueDate;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.Position;
import dev.taskport.domain.Priority;
import dev.taskport.domain.Search;
import dev.taskport.domain.Tag;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.UserId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A statement about a list of tasks. Each limit is a subquery, which hides its value from the
 * planner. The planner then expects to need only some of the rows and reads along an index. If it
 * knew the number, it might read and sort all of a user's tasks; see docs/performance.md.
 *
 * @param isLong whether the statement may read all of the user's tasks
 */
record ListStatement(String sql, List<Object> arguments, boolean isLong) {
  /** Makes the planner read along an index, not through the table of all users. */
  private static final String WALK_THROUGH_ALL = " ORDER BY completed LIMIT (SELECT NULL::bigint)";

  private static final String SUMMARY =
      "SELECT count(*) FILTER (WHERE completed), count(*) FILTER (WHERE NOT completed)"
          + " FROM (SELECT completed FROM tasks WHERE user_id = ?"
          + WALK_THROUGH_ALL
          + ") AS walked";

  private static final String LIMIT = " LIMIT (SELECT ?::bigint)";

  private static final String LIMIT_PAST_REST = " LIMIT (SELECT ?::bigint - count(*) FROM rest)";

  private static final String PRIORITY = rankOfStored();

  /** Returns a page, as rows for {@link TaskRow#read}. */
  static ListStatement page(UserId user, TaskQuery query) {
    int offset = query.start().match(PageStart.Offset::tasks, after -> 0);
    long rows = (long) offset + query.limit();
    List<Object> arguments = new ArrayList<>();
    List<Part> parts = parts(query);
    String sql = sorted(parts.get(0), user, query, LIMIT, rows, arguments);
    if (parts.size() > 1) {
      arguments.add(rows);
      // The second part is read only if the first doesn't fill the page.
      sql =
          "WITH rest AS MATERIALIZED ("
              + sql
              + LIMIT
              + ") SELECT * FROM (SELECT * FROM rest UNION ALL ("
              + sorted(parts.get(1), user, query, LIMIT_PAST_REST, rows, arguments)
              + LIMIT_PAST_REST
              + ")) AS tasks ORDER BY due_date IS NULL, "
              + ordered(parts.get(0).keys(), query.order());
      arguments.add(rows);
    }
    arguments.add((long) query.limit());
    sql += LIMIT;
    if (offset > 0) {
      arguments.add((long) offset);
      sql += " OFFSET (SELECT ?::bigint)";
    }
    return new ListStatement(
        sql,
        arguments,
        !query.filter().isOfStateAlone() || query.order().key() == TaskOrder.Key.PRIORITY);
  }

  /** The page with the row {@link TaskRow#MARK} before it, if the user's log has begun. */
  ListStatement marked(UserId user) {
    List<Object> all = new ArrayList<>();
    all.add(user.value());
    all.addAll(arguments);
    return new ListStatement(
        "SELECT " + TaskRow.MARK + " FROM change_logs WHERE user_id = ? UNION ALL (" + sql + ")",
        all,
        isLong);
  }

  /** The names and types of the parameters, in their order. */
  Columns parameters() {
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= arguments.size(); i++) {
      names.add("value_" + i);
    }
    return new Columns(names, arguments.stream().map(ListStatement::type).toList());
  }

  private static String type(Object argument) {
    if (argument instanceof String) {
      return "text";
    }
    if (argument instanceof UUID) {
      return "uuid";
    }
    if (argument instanceof OffsetDateTime) {
      return "timestamptz";
    }
    if (argument instanceof Boolean) {
      return "boolean";
    }
    if (argument instanceof Long) {
      return "bigint";
    }
    throw new IllegalArgumentException("A list has no parameter of " + argument.getClass());
  }

  /**
   * The text of a statement that reads many pages, whose arguments are arrays of the {@link
   * #parameters}. Each row has its page's place behind it; those of a page are in the page's order,
   * because PostgreSQL can only use a nested loop here.
   */
  String together() {
    Columns parameters = parameters();
    StringBuilder page = new StringBuilder();
    int from = 0;
    for (String name : parameters.names()) {
      int next = sql.indexOf('?', from);
      page.append(sql, from, next).append("asked.").append(name);
      from = next + 1;
    }
    page.append(sql, from, sql.length());
    // With its limit, PostgreSQL expects one page, not ten, and doesn't compile the statement
    // (JIT).
    return "SELECT page.*, n FROM (SELECT * FROM "
        + parameters.asked()
        + " LIMIT (SELECT 1000)) AS asked CROSS JOIN LATERAL ("
        + page
        + ") AS page";
  }

  /** The parts of the list that the page may need, in their order: one or two. */
  private static List<Part> parts(TaskQuery query) {
    TaskFilter filter = query.filter();
    List<String> states = states(filter);
    return switch (query.order().key()) {
      case CREATED_AT -> List.of(new Part(states, List.of("created_at")));
      case UPDATED_AT -> List.of(new Part(states, List.of("updated_at")));
      case TITLE -> List.of(new Part(states, List.of("lower(title COLLATE \"C\")")));
      case PRIORITY -> // no index has it: both states are read and sorted together
          List.of(new Part(List.of(either(states)), List.of(PRIORITY)));
      case DUE_DATE -> {
        Part dated =
            new Part(
                states.stream().map(state -> state + " AND due_date IS NOT NULL").toList(),
                List.of("due_date", "(NOT due_all_day)"));
        Part undated =
            new Part(
                states.stream().map(state -> state + " AND due_date IS NULL").toList(), List.of());
        boolean fromLast = query.start().match(offset -> false, after -> after.position().isLast());
        if (fromLast || filter.withoutDueDate()) {
          yield List.of(undated);
        }
        yield filter.needsDueDate() ? List.of(dated) : List.of(dated, undated);
      }
    };
  }

  /** Reads each range of the part up to the limit, and merges them in the list's order. */
  private static String sorted(
      Part part, UserId user, TaskQuery query, String limit, long rows, List<Object> arguments) {
    TaskOrder order = query.order();
    Conditions conditions = new Conditions(user, query.filter());
    Optional<Position> start =
        query.start().match(offset -> Optional.empty(), after -> Optional.of(after.position()));
    start.ifPresent(position -> conditions.addStart(position, part, order));
    String columns = TaskRow.COLUMNS;
    List<String> names = new ArrayList<>();
    for (String key : part.keys()) {
      if (TaskRow.hasColumn(key)) {
        names.add(key);
      } else {
        names.add("sort_key_" + names.size());
        columns += ", " + key + " AS " + names.get(names.size() - 1);
      }
    }
    String before = "(SELECT " + columns + " FROM tasks WHERE ";
    String after = conditions.sql + " ORDER BY " + ordered(part.keys(), order) + limit + ")";
    List<String> branches = new ArrayList<>();
    for (String range : part.ranges()) {
      branches.add(before + range + after);
      arguments.addAll(conditions.arguments);
      arguments.add(rows);
    }
    return "SELECT "
        + TaskRow.COLUMNS
        + " FROM ("
        + String.join(" UNION ALL ", branches)
        + ") AS tasks ORDER BY "
        + ordered(names, order);
  }

  private static String ordered(List<String> keys, TaskOrder order) {
    String direction = order.direction() == TaskOrder.Direction.DESCENDING ? " DESC" : "";
    StringBuilder text = new StringBuilder();
    for (String key : keys) {
      text.append(key).append(direction).append(", ");
    }
    return text.append("id").append(direction).toString();
  }

  /** Returns one row with the number of tasks. */
  static ListStatement count(UserId user, TaskFilter filter) {
    Conditions conditions = new Conditions(user, filter);
    return new ListStatement(
        "SELECT count(*) FROM (SELECT FROM tasks WHERE "
            + either(states(filter))
            + conditions.sql
            + WALK_THROUGH_ALL
            + ") AS walked",
        conditions.arguments,
        true);
  }

  /** Returns one row with the numbers of completed and pending tasks. */
  static ListStatement summary(UserId user) {
    return new ListStatement(SUMMARY, List.of(user.value()), true);
  }

  /** One condition for each state: within one state, each index is in the list's order. */
  private static List<String> states(TaskFilter filter) {
    Boolean completed = filter.completed();
    if (completed == null) {
      return List.of("completed", "NOT completed");
    }
    return List.of(completed ? "completed" : "NOT completed");
  }

  private static String either(List<String> states) {
    return states.size() == 1 ? states.get(0) : "true";
  }

  /** The values of the sort keys at the position, without the id. */
  private static List<Object> values(Position position) {
    return position.match(
        byCreatedAt -> List.of(TaskRow.time(byCreatedAt.time())),
        byUpdatedAt -> List.of(TaskRow.time(byUpdatedAt.time())),
        byTitle -> List.of(byTitle.sortKey()),
        byDueDate -> {
          DueDate dueDate = byDueDate.dueDate();
          return dueDate == null
              ? List.of()
              : List.of(TaskRow.time(dueDate.instant()), !dueDate.isDate());
        },
        byPriority -> List.of(rank(byPriority.priority())));
  }

  private static int rank(Priority priority) {
    return switch (priority) {
      case URGENT -> 0;
      case HIGH -> 1;
      case MEDIUM -> 2;
      case LOW -> 3;
    };
  }

  /** The rank of a stored priority, which is read as {@link Priority#stored} does. */
  private static String rankOfStored() {
    return Stream.of(Priority.values())
        .map(priority -> " WHEN '%s' THEN %d".formatted(priority.value(), rank(priority)))
        .collect(
            joining("", "CASE lower(priority COLLATE \"C\")", " ELSE " + rank(MEDIUM) + " END"));
  }

  /**
   * A part of a list whose tasks have the same sort keys.
   *
   * @param ranges one condition for each range of the index
   * @param keys the index's columns that the list is sorted by, before the id
   */
  private record Part(List<String> ranges, List<String> keys) {}

  /** Selects the user's tasks by everything except their state. */
  private static final class Conditions {
    private final StringBuilder sql = new StringBuilder();
    private final List<Object> arguments = new ArrayList<>();

    Conditions(UserId user, TaskFilter filter) {
      add("user_id = ?", user.value());
      Search search = filter.search();
      if (search != null) {
        String pattern = SearchPattern.of(search);
        add("(title COLLATE \"C\" ~ ? OR description COLLATE \"C\" ~ ?)", pattern, pattern);
      }
      addTime("created_at > ?", filter.createdAfter());
      addTime("created_at < ?", filter.createdBefore());
      addTime("updated_at > ?", filter.updatedAfter());
      addTime("updated_at < ?", filter.updatedBefore());
      if (!filter.priorities().isEmpty()) {
        add(
            filter.priorities().stream()
                .map(priority -> String.valueOf(rank(priority)))
                .collect(joining(", ", PRIORITY + " IN (", ")")));
      }
      for (Tag tag : filter.tags().values()) {
        add("tags COLLATE \"C\" ~ ?", SearchPattern.among(tag));
      }
      addTime("due_date > ?", filter.dueAfter());
      addTime("due_date < ?", filter.dueBefore());
      if (filter.withoutDueDate()) {
        add("due_date IS NULL");
      }
    }

    /** Selects what comes after the position; all of the part if the position is in another. */
    void addStart(Position position, Part part, TaskOrder order) {
      List<Object> values = new ArrayList<>(values(position));
      if (values.size() == part.keys().size()) {
        values.add(position.id().value());
        add(
            "(%s) %s (%s)"
                .formatted(
                    Stream.concat(part.keys().stream(), Stream.of("id")).collect(joining(", ")),
                    order.direction() == TaskOrder.Direction.DESCENDING ? "<" : ">",
                    values.stream().map(value -> "?").collect(joining(", "))),
            values.toArray());
      }
    }

    void add(String condition, Object... values) {
      sql.append(" AND ").append(condition);
      arguments.addAll(List.of(values));
    }

    private void addTime(String condition, @Nullable Instant time) {
      if (time != null) {
        add(condition, TaskRow.time(time));
      }
    }
  }
}
