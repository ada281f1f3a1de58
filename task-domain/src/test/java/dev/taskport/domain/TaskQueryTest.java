package dev.taskport.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class TaskQueryTest {
  private static final Task TASK =
      Task.create(
          UserId.parse("ann"),
          new NewTask(
              new TaskId(new UUID(1, 2)),
              TaskContent.titled(Title.parse("Buy milk")),
              Instant.parse("2026-11-21T09:47:36.273282Z")));

  @Test
  void aPageHoldsAtLeastOneTaskAndBeginsNoEarlierThanTheList() {
    assertThrows(IllegalArgumentException.class, () -> TaskQuery.newest(0));
    assertThrows(IllegalArgumentException.class, () -> new PageStart.Offset(-1));
  }

  @Test
  void aPageBeginsOnlyAtAPositionOfItsOwnOrder() {
    for (TaskOrder order : orders()) {
      for (TaskOrder other : orders()) {
        PageStart start = new PageStart.After(other.positionOf(TASK));
        Supplier<TaskQuery> query = () -> new TaskQuery(TaskFilter.ALL, order, start, 1);
        if (order.key() == other.key()) {
          assertEquals(start, query.get().start());
        } else {
          assertThrows(IllegalArgumentException.class, query::get);
        }
      }
    }
    PageStart byTitle = new PageStart.After(new Position.ByTitle("", TASK.id()));
    assertThrows(IllegalArgumentException.class, () -> TaskQuery.newest(1).from(byTitle));
  }

  @Test
  void onlyPositionsOfOneKindAreCompared() {
    for (TaskOrder order : orders()) {
      for (TaskOrder other : orders()) {
        Position one = order.positionOf(TASK);
        Position two = other.positionOf(TASK);
        if (order.key() == other.key()) {
          assertEquals(0, one.compareTo(two));
        } else {
          assertThrows(ClassCastException.class, () -> one.compareTo(two));
        }
      }
    }
  }

  @Test
  void theTimesOfPositionsAreThoseThatTasksAreKeptIn() {
    Instant between = Instant.parse("2026-11-21T09:47:36.273282999Z");
    Instant kept = Instant.parse("2026-11-21T09:47:36.273282Z");

    assertEquals(kept, new Position.ByCreatedAt(between, TASK.id()).time());
    assertEquals(kept, new Position.ByUpdatedAt(between, TASK.id()).time());
  }

  private static List<TaskOrder> orders() {
    return Arrays.stream(TaskOrder.Key.values())
        .flatMap(
            key ->
                Arrays.stream(TaskOrder.Direction.values())
                    .map(direction -> new TaskOrder(key, direction)))
        .toList();
  }

  @Test
  void theTimesOfAFilterAreThoseThatTasksAreKeptIn() {
    Instant between = Instant.parse("2026-11-21T09:47:36.273282500Z");
    TaskFilter filter = new TaskFilter(null, null, between, between, between, between);

    assertEquals(Instant.parse("2026-11-21T09:47:36.273282Z"), filter.createdAfter());
    assertEquals(Instant.parse("2026-11-21T09:47:36.273283Z"), filter.createdBefore());
    assertEquals(filter.createdAfter(), filter.updatedAfter());
    assertEquals(filter.createdBefore(), filter.updatedBefore());
    assertEquals(
        Instant.MAX.minusNanos(999),
        new TaskFilter(null, null, null, Instant.MAX, null, null).createdBefore());
  }
}
