package dev.taskport.adapter.postgres;

import dev.taskport.domain.PageStart;
import dev.taskport.domain.Position;
import dev.taskport.domain.Search;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.UserId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A statement about a list of tasks. Each limit is a subquery because the planner can't see through
 * it: it expects a small part of the rows to be wanted and walks along an index. If it knew the
 * number it would, for a user of whom the statistics tell too little, rather read and sort all.
 *
 * @param isLong whether it may read all of the user's tasks
 */
record ListStatement(String sql, List<Object> arguments, boolean isLong) {
  /** Along an index, for the same reason, and not through the table of everybody's. */
  private static final String WALK_THROUGH_ALL = " ORDER BY completed LIMIT (SELECT NULL::bigint)";

  private static final String SUMMARY =
      "SELECT count(*) FILTER (WHERE completed), count(*) FILTER (WHERE NOT completed)"
          + " FROM (SELECT completed FROM tasks WHERE user_id = ?"
          + WALK_THROUGH_ALL
          + ") AS walked";

  /** The tasks of a page, as {@link TaskRow#read} reads them. */
  static ListStatement page(UserId user, TaskQuery query) {
    boolean descending = query.order().direction() == TaskOrder.Direction.DESCENDING;
    String direction = descending ? " DESC" : "";
    Conditions conditions = new Conditions(user, query.filter());
    int offset =
        query
            .start()
            .match(
                PageStart.Offset::tasks,
                after -> {
                  conditions.add(
                      "(" + key(query.order()) + ", id) " + (descending ? "<" : ">") + " (?, ?)",
                      key(after.position()),
                      after.position().id().value());
                  return 0;
                });
    String branch =
        "(SELECT "
            + TaskRow.COLUMNS
            + ", "
            + key(query.order())
            + " AS sort_key FROM tasks WHERE %s"
            + conditions.sql
            + " ORDER BY "
            + key(query.order())
            + direction
            + ", id"
            + direction
            + " LIMIT (SELECT ?::bigint))";
    List<Object> branchArguments = new ArrayList<>(conditions.arguments);
    branchArguments.add((long) offset + query.limit());
    List<String> states = states(query.filter());
    List<Object> arguments = new ArrayList<>();
    states.forEach(state -> arguments.addAll(branchArguments));
    arguments.add((long) query.limit());
    arguments.add((long) offset);
    return new ListStatement(
        "SELECT "
            + TaskRow.COLUMNS
            + " FROM ("
            + states.stream().map(branch::formatted).collect(Collectors.joining(" UNION ALL "))
            + ") AS tasks ORDER BY sort_key"
            + direction
            + ", id"
            + direction
            + " LIMIT (SELECT ?::bigint) OFFSET (SELECT ?::bigint)",
        arguments,
        !query.filter().isOfStateAlone());
  }

  /** One row, one number. */
  static ListStatement count(UserId user, TaskFilter filter) {
    Conditions conditions = new Conditions(user, filter);
    String either = "(" + String.join(" OR ", states(filter)) + ")";
    return new ListStatement(
        "SELECT count(*) FROM (SELECT FROM tasks WHERE "
            + (filter.completed() == null ? "true" : either)
            + conditions.sql
            + WALK_THROUGH_ALL
            + ") AS walked",
        conditions.arguments,
        true);
  }

  /** One row: how many are done, how many are not. */
  static ListStatement summary(UserId user) {
    return new ListStatement(SUMMARY, List.of(user.value()), true);
  }

  /** The stretches of each index that hold the list, each in its order. */
  private static List<String> states(TaskFilter filter) {
    Boolean completed = filter.completed();
    if (completed == null) {
      return List.of("completed", "NOT completed");
    }
    return List.of(completed ? "completed" : "NOT completed");
  }

  /** The expression that the index holds. */
  private static String key(TaskOrder order) {
    return switch (order.key()) {
      case CREATED_AT -> "created_at";
      case UPDATED_AT -> "updated_at";
      case TITLE -> "lower(title COLLATE \"C\")";
    };
  }

  private static Object key(Position position) {
    return position.match(
        byCreatedAt -> TaskRow.time(byCreatedAt.time()),
        byUpdatedAt -> TaskRow.time(byUpdatedAt.time()),
        Position.ByTitle::sortKey);
  }

  /** Which of the user's tasks, whatever their state. */
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
    }

    void add(String condition, Object... values) {
      sql.append(" AND ").append(condition);
      arguments.addAll(Stream.of(values).toList());
    }

    private void addTime(String condition, @Nullable Instant time) {
      if (time != null) {
        add(condition, TaskRow.time(time));
      }
    }
  }
}
