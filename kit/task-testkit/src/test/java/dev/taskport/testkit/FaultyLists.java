package dev.taskport.testkit;

import dev.taskport.domain.Position;
import dev.taskport.domain.Search;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.UserId;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A store whose lists and counts are put together from parts, each of which can be wrong. */
abstract class FaultyLists extends Faulty {

  boolean allows(TaskFilter filter, Task task) {
    Search search = filter.search();
    return withoutSearch(filter).allows(task) && (search == null || found(search.value(), task));
  }

  boolean found(String search, Task task) {
    return foundIn(search, task.title().value())
        || (task.description() != null && foundIn(search, task.description().value()));
  }

  boolean foundIn(String search, String text) {
    return Search.fold(text).contains(Search.fold(search));
  }

  Comparator<Task> comparator(TaskOrder order) {
    return Comparator.comparing(order::positionOf, order.comparator());
  }

  boolean isAfter(TaskOrder order, Task task, Position position) {
    return order.comparator().compare(order.positionOf(task), position) > 0;
  }

  Stream<Task> rest(Stream<Task> sorted, TaskQuery query) {
    return query
        .start()
        .match(
            offset -> sorted.skip(offset.tasks()),
            after -> sorted.filter(task -> isAfter(query.order(), task, after.position())));
  }

  int limit(int limit) {
    return limit;
  }

  @Override
  public List<Task> list(UserId user, TaskQuery query) {
    Stream<Task> sorted =
        all(user).stream()
            .filter(task -> allows(query.filter(), task))
            .sorted(comparator(query.order()));
    return rest(sorted, query).limit(limit(query.limit())).toList();
  }

  @Override
  public long count(UserId user, TaskFilter filter) {
    return all(user).stream().filter(task -> allows(filter, task)).count();
  }

  List<Task> all(UserId user) {
    return right.list(user, TaskQuery.newest(Integer.MAX_VALUE));
  }

  static TaskFilter withoutSearch(TaskFilter filter) {
    return new TaskFilter(
        filter.completed(),
        null,
        filter.createdAfter(),
        filter.createdBefore(),
        filter.updatedAfter(),
        filter.updatedBefore(),
        filter.priorities(),
        filter.tags(),
        filter.dueAfter(),
        filter.dueBefore(),
        filter.withoutDueDate());
  }
}
