package dev.taskport.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {
  @Test
  void everyVisibleAsciiCharacterIsAllowed() {
    for (char c = '!'; c <= '~'; c++) {
      assertEquals("k" + c, IdempotencyKey.parse("k" + c).value());
    }
  }

  @Test
  void aKeyHas1To255Characters() {
    String longest = "k".repeat(IdempotencyKey.MAX_LENGTH);

    assertEquals("k", IdempotencyKey.parse("k").value());
    assertEquals(longest, IdempotencyKey.parse(longest).value());
    assertRefused(longest + "k");
    assertRefused("");
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "a b", "a\t", "\0", "a\u007F", "\u00E9", "\u00A0", "\uD83D\uDE00"})
  void whatIsNotVisibleAsciiIsRefused(String text) {
    assertRefused(text);
  }

  private static void assertRefused(String text) {
    InvalidValueException refusal =
        assertThrows(InvalidValueException.class, () -> IdempotencyKey.parse(text));
    assertEquals("An idempotency key has 1 to 255 visible ASCII characters", refusal.getMessage());
  }
}
