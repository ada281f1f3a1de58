package dev.taskport.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TaskFilterTest {
  private static final Instant CREATED = Instant.parse("2026-11-21T09:47:36.273282Z");
  private static final Instant UPDATED = CREATED.plusSeconds(60);
  private static final Task TASK =
      Task.stored(
          new TaskId(new UUID(1, 2)),
          UserId.parse("alice"),
          TaskChange.Edit.NOTHING
              .withDescription(Description.parse("Two litres"))
              .appliedTo(TaskContent.titled(Title.parse("Buy MILK"))),
          true,
          CREATED,
          UPDATED,
          2);

  @Test
  void everyConditionThatIsThereMustBeMet() {
    Instant before = CREATED.minusNanos(1000);
    Instant after = UPDATED.plusNanos(1000);

    assertTrue(TaskFilter.ALL.allows(TASK));
    assertTrue(filter(true, "milk", before, after, before, after).allows(TASK));
    assertFalse(filter(false, "milk", before, after, before, after).allows(TASK));
    assertFalse(filter(true, "bread", before, after, before, after).allows(TASK));
    assertFalse(filter(true, "milk", CREATED, after, before, after).allows(TASK));
    assertFalse(filter(true, "milk", before, CREATED, before, after).allows(TASK));
    assertFalse(filter(true, "milk", before, after, UPDATED, after).allows(TASK));
    assertFalse(filter(true, "milk", before, after, before, UPDATED).allows(TASK));
  }

  @Test
  void aFilterIsOfStateAloneWhenItHasNoOtherCondition() {
    assertTrue(TaskFilter.ALL.isOfStateAlone());
    assertTrue(filter(true, null, null, null, null, null).isOfStateAlone());
    assertFalse(filter(true, "milk", null, null, null, null).isOfStateAlone());
    assertFalse(filter(null, null, CREATED, null, null, null).isOfStateAlone());
  }

  @Test
  void aSearchLooksIntoTitleAndDescription() {
    assertTrue(Search.parse("buy m").isFoundIn(TASK));
    assertTrue(Search.parse("LITRES").isFoundIn(TASK));
    assertFalse(Search.parse("milktwo").isFoundIn(TASK));
    Task plain =
        Task.create(
            TASK.userId(), new NewTask(TASK.id(), TaskContent.titled(Title.parse("x")), CREATED));
    assertFalse(Search.parse("milk").isFoundIn(plain));
  }

  @Test
  void foldedTextsAreTheSameForEveryCase() {
    assertEquals("stra\u00DFe k i", Search.fold("STRA\u00DFE \u212A \u0130"));
    assertEquals(Search.fold("\uD801\uDC28"), Search.fold("\uD801\uDC00"));
    assertNotEquals(Search.fold("e"), Search.fold("\u00E9"));
  }

  @Test
  void titlesAreSortedByTheirLettersAToZAsSmallOnes() {
    assertEquals("az@[`{ \u00C9", Title.stored("AZ@[`{ \u00C9").sortKey());
    Position apple = new Position.ByTitle("apple", TASK.id());
    Position banana = new Position.ByTitle("banana", TASK.id());
    Position greaterId = new Position.ByTitle("apple", new TaskId(new UUID(1, 3)));
    assertEquals(-1, Integer.signum(apple.compareTo(banana)));
    assertEquals(1, Integer.signum(banana.compareTo(greaterId)));
    assertEquals(-1, Integer.signum(apple.compareTo(greaterId)));
    assertEquals(0, apple.compareTo(new Position.ByTitle("apple", TASK.id())));
    assertTrue(
        new Position.ByTitle("\uFF5E", TASK.id())
                .compareTo(new Position.ByTitle("\uD83D\uDE00", TASK.id()))
            < 0);
  }

  @Test
  void timesAreSortedTheEarlierFirstAndIdsAmongEquals() {
    TaskId greater = new TaskId(new UUID(-1, 0));
    for (List<Position> sorted :
        List.<List<Position>>of(
            List.of(
                new Position.ByCreatedAt(CREATED, TASK.id()),
                new Position.ByCreatedAt(CREATED, greater),
                new Position.ByCreatedAt(UPDATED, TASK.id())),
            List.of(
                new Position.ByUpdatedAt(CREATED, TASK.id()),
                new Position.ByUpdatedAt(CREATED, greater),
                new Position.ByUpdatedAt(UPDATED, TASK.id())))) {
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
          assertEquals(
              Integer.compare(i, j), Integer.signum(sorted.get(i).compareTo(sorted.get(j))));
        }
      }
    }
  }

  @Test
  void descendingIsAscendingTurnedRound() {
    Position first = new Position.ByCreatedAt(CREATED, TASK.id());
    Position second = new Position.ByCreatedAt(UPDATED, TASK.id());
    TaskOrder ascending = new TaskOrder(TaskOrder.Key.CREATED_AT, TaskOrder.Direction.ASCENDING);

    assertTrue(ascending.comparator().compare(first, second) < 0);
    assertTrue(TaskOrder.NEWEST_FIRST.comparator().compare(first, second) > 0);
  }

  @Test
  void anOffsetIsInEveryOrderAndAtLeastZero() {
    assertEquals(0, new PageStart.Offset(0).tasks());
    for (TaskOrder.Key key : TaskOrder.Key.values()) {
      assertTrue(PageStart.FIRST.isIn(new TaskOrder(key, TaskOrder.Direction.ASCENDING)));
    }
  }

  @Test
  void aSummaryAddsUp() {
    assertEquals(7, new TaskSummary(3, 4).total());
  }

  @Test
  void whatIsPrintedTellsTheFields() {
    assertTrue(TASK.toString().startsWith("Task[00000000-0000-0001-0000-000000000002, alice, "));
  }

  @Test
  void differentTextsAndTasksHaveDifferentHashCodes() {
    assertNotEquals(Title.parse("a").hashCode(), Title.parse("b").hashCode());
    assertNotEquals(
        TASK.hashCode(), TASK.apply(new TaskChange.ToggleCompleted(), UPDATED).hashCode());
  }

  private static TaskFilter filter(
      @Nullable Boolean completed,
      @Nullable String search,
      @Nullable Instant createdAfter,
      @Nullable Instant createdBefore,
      @Nullable Instant updatedAfter,
      @Nullable Instant updatedBefore) {
    return new TaskFilter(
        completed,
        search == null ? null : Search.parse(search),
        createdAfter,
        createdBefore,
        updatedAfter,
        updatedBefore);
  }
}
