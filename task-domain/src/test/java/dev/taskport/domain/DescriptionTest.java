package dev.taskport.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DescriptionTest {
  @ParameterizedTest
  @ValueSource(strings = {"", " ", "  two litres\u00A0", "a\tb\r\nc\n", "\u2028\uD83D\uDE00"})
  void aDescriptionIsKeptAsItIs(String text) {
    assertEquals(text, Description.parse(text).value());
  }

  @Test
  void theLengthCountsCodePoints() {
    String longest = "\uD83D\uDE00".repeat(Description.MAX_LENGTH);

    assertEquals(longest, Description.parse(longest).value());
    assertEquals(
        "The description has 1001 characters; at most 1000 are allowed", refusal(longest + " "));
  }

  @Test
  void ofTheControlCharactersOnlyTabNewlineAndCarriageReturnAreAllowed() {
    for (char c = 0; c < 0x100; c++) {
      String text = "a" + c;
      if (Character.isISOControl(c) && "\t\n\r".indexOf(c) < 0) {
        assertEquals(
            "The description must not hold the control character U+00%02X".formatted((int) c),
            refusal(text));
      } else {
        assertEquals(text, Description.parse(text).value());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uD83D", "\uDE00", "a\nb\uD83D", "\uDE00\uD83D"})
  void halfACharacterIsRefused(String text) {
    assertEquals(
        "The description holds half a character (a lone surrogate, U+",
        refusal(text).replaceFirst("U\\+D[8-9A-F][0-9A-F]{2}\\)$", "U+"));
  }

  @Test
  void whatAStoreHoldsIsTakenAsItIs() {
    String stored = "\u0007" + "x".repeat(2000);
    assertEquals(stored, Description.stored(stored).toString());
  }

  private static String refusal(String text) {
    String message =
        assertThrows(InvalidValueException.class, () -> Description.parse(text)).getMessage();
    return message == null ? "" : message;
  }
}
