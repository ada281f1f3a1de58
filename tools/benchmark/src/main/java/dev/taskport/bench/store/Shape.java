package dev.taskport.bench.store;

import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A list that an index serves, from any position.
 *
 * @param completed whether its tasks are completed; null for all
 */
record Shape(@Nullable Boolean completed, TaskOrder order) {

  static List<Shape> all() {
    List<Shape> shapes = new ArrayList<>();
    for (TaskOrder.Key key : keys()) {
      for (TaskOrder.Direction direction : TaskOrder.Direction.values()) {
        TaskOrder order = new TaskOrder(key, direction);
        shapes.add(new Shape(null, order));
        shapes.add(new Shape(false, order));
        shapes.add(new Shape(true, order));
      }
    }
    return shapes;
  }

  /** All but the priority, which no index serves. */
  static List<TaskOrder.Key> keys() {
    return Stream.of(TaskOrder.Key.values()).filter(key -> key != TaskOrder.Key.PRIORITY).toList();
  }

  TaskFilter filter() {
    return new TaskFilter(completed, null, null, null, null, null);
  }

  /** The shape in terms of the list's parameters. */
  @Override
  public String toString() {
    String status = completed == null ? "all" : completed ? "completed" : "pending";
    String direction = order.direction() == TaskOrder.Direction.ASCENDING ? "asc" : "desc";
    return status + ", " + order.key().name().toLowerCase(Locale.ROOT) + " " + direction;
  }
}
