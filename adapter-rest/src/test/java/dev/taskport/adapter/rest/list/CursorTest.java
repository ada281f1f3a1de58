package dev.taskport.adapter.rest.list;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.domain.DueDate;
import dev.taskport.domain.InvalidValueException;
import dev.taskport.domain.Position;
import dev.taskport.domain.Priority;
import dev.taskport.domain.Search;
import dev.taskport.domain.Tags;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.TaskOrder.Direction;
import dev.taskport.domain.UserId;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Cursors as clients hold them: each stands for one position in one list, or for nothing. */
class CursorTest {
  private static final UserId ALICE = UserId.parse("alice");
  private static final TaskOrder BY_TITLE = new TaskOrder(TaskOrder.Key.TITLE, Direction.ASCENDING);
  private static final TaskId ID =
      new TaskId(UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"));
  private static final Position TIME =
      new Position.ByCreatedAt(Instant.parse("2026-11-21T09:47:36.273281Z"), ID);
  private static final Position TITLE = new Position.ByTitle("buy 🙂 ñ", ID);
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private static String cursor(Position position) {
    return Cursor.of(position, ALICE, TaskFilter.ALL, orderOf(position));
  }

  private static TaskOrder orderOf(Position position) {
    return position.match(
        created -> new TaskOrder(TaskOrder.Key.CREATED_AT, Direction.DESCENDING),
        updated -> new TaskOrder(TaskOrder.Key.UPDATED_AT, Direction.DESCENDING),
        title -> BY_TITLE,
        dueDate -> new TaskOrder(TaskOrder.Key.DUE_DATE, Direction.ASCENDING),
        priority -> new TaskOrder(TaskOrder.Key.PRIORITY, Direction.ASCENDING));
  }

  private static Position parse(String cursor, TaskOrder order) {
    return Cursor.parse(cursor, ALICE, TaskFilter.ALL, order);
  }

  private static void assertRefused(
      String cursor, UserId user, TaskFilter filter, TaskOrder order) {
    InvalidValueException refusal =
        assertThrows(
            InvalidValueException.class,
            () -> Cursor.parse(cursor, user, filter, order),
            () -> "accepted " + cursor);
    assertTrue(String.valueOf(refusal.getMessage()).contains("start again without a cursor"));
  }

  private static void assertRefused(String cursor, TaskOrder order) {
    assertRefused(cursor, ALICE, TaskFilter.ALL, order);
  }

  @Test
  void aCursorStandsForItsPosition() {
    for (String time :
        List.of(
            "2026-11-21T09:47:36.273281Z",
            "0001-01-01T00:00:00Z",
            "1969-12-31T23:59:59.999999Z",
            "9999-12-31T23:59:59.999999Z")) {
      Position position = new Position.ByCreatedAt(Instant.parse(time), ID);
      assertEquals(position, parse(cursor(position), TaskOrder.NEWEST_FIRST));
      Position updated = new Position.ByUpdatedAt(Instant.parse(time), ID);
      assertEquals(updated, parse(cursor(updated), orderOf(updated)));
    }
    for (String title : List.of("", "a", "buy 🙂 ñ", "\uFFFD", "\uD83D\uDE42".repeat(200))) {
      Position position = new Position.ByTitle(title, ID);
      assertEquals(position, parse(cursor(position), BY_TITLE));
    }
    for (String dueDate :
        List.of("2026-12-24", "2026-12-24T00:00:00Z", "9999-12-31", "0001-01-01")) {
      Position position = new Position.ByDueDate(DueDate.parse(dueDate), ID);
      assertEquals(position, parse(cursor(position), orderOf(position)));
    }
    Position withoutDueDate = new Position.ByDueDate(null, ID);
    assertEquals(withoutDueDate, parse(cursor(withoutDueDate), orderOf(withoutDueDate)));
    for (Priority priority : Priority.values()) {
      Position position = new Position.ByPriority(priority, ID);
      assertEquals(position, parse(cursor(position), orderOf(position)));
    }
  }

  @Test
  void aCursorKeepsItsMeaningFromVersionToVersion() {
    assertEquals(
        TIME, parse("AaAs5RaWL_1bIaABiQpdrJZ3S7zOswIJmoBXAAZgxkAlyYE", TaskOrder.NEWEST_FIRST));
  }

  @Test
  void aCursorOfAnotherListIsRefused() {
    String cursor = cursor(TIME);
    TaskOrder newest = TaskOrder.NEWEST_FIRST;
    assertRefused(cursor, UserId.parse("bob"), TaskFilter.ALL, newest);
    assertRefused(cursor, UserId.parse("alic"), TaskFilter.ALL, newest);
    for (TaskFilter filter :
        List.of(
            new TaskFilter(true, null, null, null, null, null),
            new TaskFilter(false, null, null, null, null, null),
            new TaskFilter(null, Search.parse("a"), null, null, null, null),
            new TaskFilter(null, null, NOON, null, null, null),
            new TaskFilter(null, null, null, NOON, null, null),
            new TaskFilter(null, null, null, null, NOON, null),
            new TaskFilter(null, null, null, null, null, NOON),
            content(Set.of(Priority.HIGH), Tags.NONE, null, null, false),
            content(Set.of(), Tags.parse("a"), null, null, false),
            content(Set.of(), Tags.NONE, NOON, null, false),
            content(Set.of(), Tags.NONE, null, NOON, false),
            content(Set.of(), Tags.NONE, null, null, true))) {
      assertRefused(cursor, ALICE, filter, newest);
      assertEquals(
          TIME, Cursor.parse(Cursor.of(TIME, ALICE, filter, newest), ALICE, filter, newest));
    }
    assertRefused(cursor, new TaskOrder(TaskOrder.Key.CREATED_AT, Direction.ASCENDING));
    assertRefused(cursor, new TaskOrder(TaskOrder.Key.UPDATED_AT, Direction.DESCENDING));
    assertRefused(cursor, BY_TITLE);
    assertRefused(cursor(TITLE), newest);
  }

  private static TaskFilter content(
      Set<Priority> priorities,
      Tags tags,
      @Nullable Instant dueAfter,
      @Nullable Instant dueBefore,
      boolean withoutDueDate) {
    return new TaskFilter(
        null, null, null, null, null, null, priorities, tags, dueAfter, dueBefore, withoutDueDate);
  }

  @Test
  void everyAlteredBitIsNoticed() {
    Position date = new Position.ByDueDate(DueDate.parse("2026-12-24"), ID);
    Position priority = new Position.ByPriority(Priority.LOW, ID);
    for (Position position : List.of(TIME, TITLE, date, priority)) {
      byte[] bytes = Base64.getUrlDecoder().decode(cursor(position));
      for (int bit = 0; bit < 8 * bytes.length; bit++) {
        byte[] altered = bytes.clone();
        altered[bit / 8] ^= (byte) (1 << (bit % 8));
        assertRefused(encoded(altered), orderOf(position));
      }
    }
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Test
  void everyAlteredCharacterIsNoticed() {
    for (Position position : List.of(TIME, TITLE, new Position.ByTitle("abcd", ID))) {
      String cursor = cursor(position);
      for (int at = 0; at < cursor.length(); at++) {
        for (char other : "AZaz09-_+/=% \0é".toCharArray()) {
          if (other != cursor.charAt(at)) {
            assertRefused(
                cursor.substring(0, at) + other + cursor.substring(at + 1), orderOf(position));
          }
        }
        assertRefused(cursor.substring(0, at), orderOf(position));
        assertRefused(cursor.substring(at + 1), orderOf(position));
      }
      for (String more : List.of("A", "AA", "=", "==", "\n")) {
        assertRefused(cursor + more, orderOf(position));
      }
    }
  }

  @Test
  void bitsToSpareMustBeZero() {
    // One byte more than a multiple of three: the last character has four bits that mean nothing.
    String cursor = cursor(new Position.ByTitle("a", ID));
    assertEquals(2, cursor.length() % 4);
    String digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int last = digits.indexOf(cursor.charAt(cursor.length() - 1));
    for (int spare = 1; spare < 16; spare++) {
      String same = cursor.substring(0, cursor.length() - 1) + digits.charAt(last + spare);
      assertEquals(
          List.of(Base64.getUrlDecoder().decode(cursor).length),
          List.of(Base64.getUrlDecoder().decode(same).length));
      assertRefused(same, BY_TITLE);
    }
  }

  @Test
  void nonsenseIsRefusedWhateverItIs() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      if (bytes.length > 0 && random.nextBoolean()) {
        bytes[0] = 1; // the version
      }
      String text =
          random.nextBoolean()
              ? encoded(bytes)
              : new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
      for (TaskOrder order : List.of(TaskOrder.NEWEST_FIRST, BY_TITLE)) {
        assertThrows(InvalidValueException.class, () -> parse(text, order), () -> "seed " + seed);
      }
    }
  }
}
