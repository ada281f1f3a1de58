package dev.taskport.domain.changelog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.domain.TaskId;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SyncPointTest {
  private static final Instant STARTED = Instant.parse("2026-11-21T09:47:36.273282Z");
  private static final LogMark MARK = new LogMark(STARTED, 7);
  private static final TaskId ID = new TaskId(new UUID(1, 2));

  @Test
  void aFollowerBeginsBeforeAllTasksAndBehindAllDeletions() {
    assertEquals(new SyncPoint(STARTED, -1, null, 7), SyncPoint.beginningAt(MARK));
  }

  @Test
  void theIdIsToldOnlyAmongTasksWithTheNumber0() {
    assertEquals(new SyncPoint(STARTED, 0, ID, 7), SyncPoint.beginningAt(MARK).after(MARK, 0, ID));
    assertNull(SyncPoint.beginningAt(MARK).after(MARK, 1, ID).id());
    assertNull(new SyncPoint(STARTED, -1, ID, 0).id());
  }

  @Test
  void theBaseRisesWithTheNumberOnly() {
    assertEquals(7, SyncPoint.beginningAt(MARK).after(MARK, 6, ID).base());
    assertEquals(8, SyncPoint.beginningAt(MARK).after(new LogMark(STARTED, 9), 8, ID).base());
    assertEquals(9, SyncPoint.beginningAt(MARK).at(new LogMark(STARTED, 9)).base());
    assertEquals(0, new SyncPoint(STARTED, -1, null, -1).base());
  }

  @Test
  void aPointInALogThatWasStartedMeanwhileNamesIt() {
    SyncPoint before = SyncPoint.beginningAt(LogMark.NONE);

    assertEquals(new SyncPoint(STARTED, 7, null, 7), before.at(MARK));
    assertEquals(new SyncPoint(STARTED, 5, null, 5), before.after(MARK, 5, ID));
  }

  @Test
  void aPointIsReadInItsOwnLogOnly() {
    SyncPoint point = SyncPoint.beginningAt(MARK).at(MARK);

    assertTrue(point.isReadable(MARK, 0));
    assertFalse(point.isReadable(new LogMark(STARTED.plusNanos(1000), 7), 0));
    assertFalse(point.isReadable(LogMark.NONE, 0));
  }

  @Test
  void whoBeganBeforeTheFirstChangeCanReadOn() {
    SyncPoint point = SyncPoint.beginningAt(LogMark.NONE).at(LogMark.NONE);

    assertTrue(point.isReadable(LogMark.NONE, 0));
    assertTrue(point.isReadable(MARK, 0));
    assertFalse(point.isReadable(MARK, 1));
  }

  @Test
  void aPointAheadOfTheLogIsNotReadable() {
    assertTrue(new SyncPoint(STARTED, 7, null, 7).isReadable(MARK, 0));
    assertFalse(new SyncPoint(STARTED, 8, null, 8).isReadable(MARK, 0));
    assertFalse(new SyncPoint(STARTED, 3, null, 8).isReadable(MARK, 0));
  }

  @Test
  void onlyForgottenDeletionsAfterTheBaseMatter() {
    SyncPoint reading = new SyncPoint(STARTED, 2, null, 5);

    assertTrue(reading.isReadable(MARK, 5));
    assertFalse(reading.isReadable(MARK, 6));
  }

  @Test
  void noPointAndNoMarkHasANumberBelowTheFirst() {
    assertThrows(IllegalArgumentException.class, () -> new SyncPoint(STARTED, -2, null, 0));
    assertEquals(-1, new SyncPoint(STARTED, -1, null, 0).number());
    assertThrows(IllegalArgumentException.class, () -> new LogMark(STARTED, -1));
    assertEquals(0, new LogMark(STARTED, 0).number());
  }
}
