package dev.taskport.bench.store;

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
 * A user's tasks from the first to the last in one order: where pages in the middle and at the end
 * begin.
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
   * Where the pages in that place of the list begin: one, or several around the middle.
   *
   * @param shape a list in the order of the walk, either direction
   * @param several how many in the middle
   */
  List<PageStart> starts(Shape shape, Place place, int pageSize, int several) {
    List<Position> list =
        stops.stream()
            .filter(stop -> shape.completed() == null || shape.completed() == stop.completed())
            .map(Stop::position)
            .sorted(shape.order().comparator())
            .toList();
    int size = list.size();
    return switch (place) {
      case FIRST -> List.of(PageStart.FIRST);
      case MIDDLE ->
          IntStream.range(0, several)
              .mapToObj(i -> after(list.get((int) (size * (0.45 + 0.1 * (i + 0.5) / several)))))
              .toList();
      case LAST -> List.of(after(list.get(size - pageSize - 1)));
    };
  }

  private static PageStart after(Position position) {
    return new PageStart.After(position);
  }
}
