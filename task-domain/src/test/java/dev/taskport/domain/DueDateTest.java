package dev.taskport.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DueDateTest {
  @ParameterizedTest
  @ValueSource(strings = {"2026-12-24", "0001-01-01", "9999-12-31", "2028-02-29"})
  void aDateStaysADate(String text) {
    assertEquals(new DueDate.OnDate(LocalDate.parse(text)), DueDate.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-12-24T00:00:00Z, 2026-12-24T00:00:00Z",
    "2026-12-24t18:00:00.1234567z, 2026-12-24T18:00:00.123456Z",
    "2026-12-24 18:00:00+01:00, 2026-12-24T17:00:00Z",
    "2026-12-24T00:30:00+14:00, 2026-12-23T10:30:00Z",
    "2026-12-24T23:30:00-12:00, 2026-12-25T11:30:00Z",
    "2026-12-24T18:00:00, 2026-12-24T18:00:00Z",
    "2026-12-24T18:00, 2026-12-24T18:00:00Z",
    "0001-01-01T14:00:00+14:00, 0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z, 9999-12-31T23:59:59.999999Z"
  })
  void aTimeIsOneInstantInMicroseconds(String text, Instant instant) {
    assertEquals(new DueDate.AtTime(instant), DueDate.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tomorrow",
        "24.12.2026",
        "2026-12",
        "2026-02-30",
        "2026-13-01",
        "2026-12-24T24:00:00Z",
        "2026-12-24T",
        "2026-12-24Z",
        "2026-12-24T18:00:00+19:00",
        "2026-12-24T18:00:00+0100",
        "+12026-12-24",
        "\u0662026-12-24",
        "2026-12-24\n"
      })
  void anythingElseIsRefusedWithAnExample(String text) {
    assertTrue(refusal(text).contains("2026-12-24T18:00:00+01:00"), refusal(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000-12-31",
        "0000-12-31T23:59:59Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01"
      })
  void theYearIsOneOfThoseThatRfc3339Knows(String text) {
    assertEquals("The due date must lie in the years 1 to 9999 (UTC)", refusal(text));
  }

  @Test
  void aDateComesBeforeATimeAtItsMidnightAndBothInTheirOrder() {
    List<DueDate> ordered =
        List.of(
            DueDate.parse("2026-12-23"),
            DueDate.parse("2026-12-23T23:59:59.999999Z"),
            DueDate.parse("2026-12-24"),
            DueDate.parse("2026-12-24T00:00:00Z"),
            DueDate.parse("2026-12-24T00:00:00.000001Z"),
            DueDate.parse("2026-12-25"));
    List<DueDate> sorted = new ArrayList<>(ordered);
    Collections.reverse(sorted);
    Collections.sort(sorted);

    assertEquals(ordered, sorted);
  }

  @Test
  void whatAStoreHoldsIsBroughtIntoTheRange() {
    assertEquals(DueDate.parse("0001-01-01"), DueDate.stored(Instant.MIN, true));
    assertEquals(DueDate.parse("9999-12-31"), DueDate.stored(Instant.MAX, true));
    assertEquals(DueDate.parse("9999-12-31T23:59:59.999999Z"), DueDate.stored(Instant.MAX, false));
    assertEquals(
        DueDate.parse("2026-12-24"), DueDate.stored(Instant.parse("2026-12-24T23:00:00Z"), true));
  }

  private static String refusal(String text) {
    return String.valueOf(
        assertThrows(InvalidValueException.class, () -> DueDate.parse(text)).getMessage());
  }
}
