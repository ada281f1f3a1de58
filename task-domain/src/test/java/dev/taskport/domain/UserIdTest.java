package dev.taskport.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserIdTest {
  @ParameterizedTest
  @ValueSource(strings = {"user123", "a", "auth0|5f7c", "ann@example.org", "\u5F20 \uD83D\uDE00"})
  void anyPrintableTextIsAnId(String text) {
    assertEquals(text, UserId.parse(text).value());
  }

  @Test
  void anIdIsNotStrippedOrFolded() {
    assertEquals(" ann\u00A0", UserId.parse(" ann\u00A0").value());
    assertNotEquals(UserId.parse("ann"), UserId.parse("Ann"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\u00A0\u2007\u3000", "\t\n", "\u0085"})
  void aBlankIdIsRefused(String text) {
    assertEquals("The user id must not be blank", refusal(text));
  }

  @Test
  void theLengthCountsCodePoints() {
    String longest = "\uD83D\uDE00".repeat(UserId.MAX_LENGTH);

    assertEquals(longest, UserId.parse(longest).value());
    assertEquals("The user id has 256 characters; at most 255 are allowed", refusal(longest + "x"));
  }

  @Test
  void everyControlCharacterIsRefusedAtTheEndsToo() {
    for (char c = 0; c < 0x100; c++) {
      if (Character.isISOControl(c)) {
        String expected =
            "The user id must not hold the control character U+00%02X".formatted((int) c);
        assertEquals(expected, refusal(c + "ann"));
        assertEquals(expected, refusal("ann" + c));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uD83D", "a\uDE00", "\uDE00\uD83D"})
  void halfACharacterIsRefused(String text) {
    assertEquals(
        "The user id holds half a character (a lone surrogate, U+",
        refusal(text).replaceFirst("U\\+D[8-9A-F][0-9A-F]{2}\\)$", "U+"));
  }

  private static String refusal(String text) {
    String message =
        assertThrows(InvalidValueException.class, () -> UserId.parse(text)).getMessage();
    return message == null ? "" : message;
  }
}
