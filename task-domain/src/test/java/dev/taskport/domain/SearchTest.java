package dev.taskport.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTest {
  @ParameterizedTest
  @CsvSource({"K,k", "\u212A,k", "\u0130,i", "\u0131,i", "I,i", "\u00C9,\u00E9", "\u03A3,\u03C2"})
  void theCasesOfACharacterHaveTheSameFold(String one, String other) {
    assertEquals(Search.fold(one.codePointAt(0)), Search.fold(other.codePointAt(0)));
  }

  @Test
  void foldingTwiceIsFoldingOnceForEveryCharacter() {
    for (int character = 0; character <= Character.MAX_CODE_POINT; character++) {
      int folded = Search.fold(character);
      assertEquals(folded, Search.fold(folded), "U+" + Integer.toHexString(character));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "%", "\t\n\r", "\uD83D\uDE00"})
  void aSearchIsKeptAsItIs(String text) {
    assertEquals(text, Search.parse(text).value());
  }

  @Test
  void whatNoTaskCanHoldIsRefused() {
    assertEquals("The search must not be empty", refusal(""));
    assertEquals(
        "The search has 201 characters; at most 200 are allowed",
        refusal("\uD83D\uDE00".repeat(201)));
    assertEquals("The search must not hold the control character U+0000", refusal("a\0"));
    assertEquals("The search holds half a character (a lone surrogate, U+D83D)", refusal("\uD83D"));
  }

  private static String refusal(String text) {
    return String.valueOf(
        assertThrows(InvalidValueException.class, () -> Search.parse(text)).getMessage());
  }
}
