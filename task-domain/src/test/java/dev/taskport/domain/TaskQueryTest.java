package dev.taskport.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TaskQueryTest {
  @Test
  void aPageHoldsAtLeastOneTaskAndBeginsNoEarlierThanTheList() {
    assertThrows(IllegalArgumentException.class, () -> TaskQuery.newest(0));
    assertThrows(IllegalArgumentException.class, () -> new PageStart.Offset(-1));
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
