package dev.taskport.bench;

import dev.taskport.application.ListTasks;
import dev.taskport.application.TaskPage;
import dev.taskport.domain.PageStart;
import dev.taskport.domain.Position;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Reads all of a user's tasks in one order, to find where pages in the middle and at the end begin.
 */
final class Walk {
  static final int STEP = 1_000;

  private final List<Stop> stops = new ArrayList<>();

  private record Stop(Position position, boolean completed) {}

  Walk(ListTasks listTasks, UserId user, TaskOrder.Key key) {
    TaskOrder order = new TaskOrder(key, TaskOrder.Direction.ASCENDING);
    TaskQuery query = new TaskQuery(TaskFilter.ALL, order, PageStart.FIRST, STEP);
    while (true) {
      TaskPage page = listTasks.list(user, query);
      for (Task task : page.tasks()) {
        stops.add(new Stop(order.positionOf(task), task.completed()));
      }
      Position end = page.end();
      if (end == null) {
        return;
      }
      query = query.from(new PageStart.After(end));
    }
  }

  int tasks() {
    return stops.size();
  }

  /**
   * The starts of pages at this place of the list: one, or several around the middle.
   *
   * @param shape a list in the order of the walk, in either direction
   * @param several how many pages in the middle
   */
  List<PageStart> starts(Shape shape, Place place, int pageSize, int several) {
    List<Position> list =
        stops.stream()
            .filter(stop -> shape.completed() == null || shape.completed() == stop.completed())
            .map(Stop::position)
            .toList();
    int size = list.size();
    boolean ascending = shape.order().direction() == TaskOrder.Direction.ASCENDING;
    return switch (place) {
      case FIRST -> List.of(PageStart.FIRST);
      case MIDDLE ->
          IntStream.range(0, several)
              .mapToObj(i -> after(list.get((int) (size * (0.45 + 0.1 * (i + 0.5) / several)))))
              .toList();
      case LAST -> List.of(after(ascending ? list.get(size - pageSize - 1) : list.get(pageSize)));
    };
  }

  private static PageStart after(Position position) {
    return new PageStart.After(position);
  }
}
