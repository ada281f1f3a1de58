package dev.taskport.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TitleTest {
  /** What Python's {@code str.strip} takes for white space, as clients are used to. */
  private static final String WHITE_SPACE =
      "\t\n\u000B\f\r\u001C\u001D\u001E\u001F \u0085\u00A0\u1680"
          + "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A"
          + "\u2028\u2029\u202F\u205F\u3000";

  @Test
  void everyUnicodeWhiteSpaceIsStrippedAtBothEndsAndNothingElseIs() {
    for (char c = 0; c < Character.MAX_VALUE; c++) {
      boolean stripped = WHITE_SPACE.indexOf(c) >= 0;
      boolean control = Character.isISOControl(c);
      if (stripped) {
        assertEquals(
            "Buy milk", Title.parse(c + "Buy milk" + c).value(), "U+" + Integer.toHexString(c));
      } else if (!control && !Character.isSurrogate(c)) {
        String text = c + "Buy milk" + c;
        assertEquals(text, Title.parse(text).value());
      }
    }
  }

  @Test
  void whiteSpaceInsideIsKept() {
    assertEquals("Buy \u00A0\u3000 milk", Title.parse(" Buy \u00A0\u3000 milk ").value());
  }

  @Test
  void aTitleOfNothingButWhiteSpaceIsEmpty() {
    assertEquals("The title must not be empty", refusal(""));
    assertEquals("The title must not be empty", refusal(WHITE_SPACE));
  }

  @Test
  void theLengthCountsCodePointsAfterStripping() {
    String longest = "\uD83D\uDE00".repeat(Title.MAX_LENGTH);

    assertEquals(longest, Title.parse("  " + longest + "\u00A0").value());
    assertEquals("x", Title.parse("x").value());
    assertEquals(
        "The title has 201 characters; at most 200 are allowed", refusal(longest + "\uD83D\uDE00"));
    assertEquals(
        "The title has 201 characters; at most 200 are allowed",
        refusal("x" + " ".repeat(199) + "x"));
  }

  @Test
  void everyControlCharacterInsideIsRefused() {
    for (char c = 0; c < 0x100; c++) {
      String text = "a" + c + "b";
      if (Character.isISOControl(c)) {
        assertEquals(
            "The title must not hold the control character U+00%02X".formatted((int) c),
            refusal(text));
      } else {
        assertEquals(text, Title.parse(text).value());
      }
    }
  }

  @Test
  void aControlCharacterAtTheEndIsRefusedUnlessItIsWhiteSpace() {
    assertEquals("The title must not hold the control character U+0000", refusal("Buy milk\0"));
    assertEquals("Buy milk", Title.parse("Buy milk\u001F").value());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\uD83D", "\uDE00a", "a\uDE00\uD83Db", "\uD83D\uD83D\uDE00", "\uD800"})
  void halfACharacterIsRefused(String text) {
    assertEquals(
        "The title holds half a character (a lone surrogate, U+",
        refusal(text).replaceFirst("U\\+D[8-9A-F][0-9A-F]{2}\\)$", "U+"));
  }

  @Test
  void charactersOfAnyPlaneAndInvisibleJoinersAreKept() {
    String text = "\uD83D\uDC69\u200D\uD83D\uDCBB \u05E9\u05DC\u05D5\u05DD \u200F\uFEFF e\u0301";
    assertEquals(text, Title.parse(text).value());
  }

  @Test
  void whatAStoreHoldsIsTakenAsItIs() {
    String stored = " \0" + "x".repeat(300);
    assertEquals(stored, Title.stored(stored).value());
    assertEquals(stored, Title.stored(stored).toString());
  }

  @Property
  void whateverIsAcceptedIsAcceptedAgainUnchanged(@ForAll @StringLength(max = 210) String text) {
    try {
      Title title = Title.parse(text);
      assertEquals(title, Title.parse(title.value()));
    } catch (InvalidValueException e) {
      // Refused for good: stripping first makes no difference.
      assertThrows(InvalidValueException.class, () -> Title.parse(" " + text + " "));
    }
  }

  @Property
  void noRefusalRepeatsTheValue(@ForAll @StringLength(max = 210) String text) {
    String secret = "s3cr3t" + text + "s3cr3t";
    for (String refused :
        new String[] {secret + "\0s3cr3t", secret.repeat(40), secret + '\uD800'}) {
      assertFalse(refusal(refused).contains("s3cr3t"));
    }
  }

  private static String refusal(String text) {
    String message =
        assertThrows(InvalidValueException.class, () -> Title.parse(text)).getMessage();
    return message == null ? "" : message;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\u200B", "\u200B \u200D\u2060", "\uFEFF", "\u00AD", "\u3164", "\u2800", "\uFE0F"})
  void aTitleShowsSomething(String invisible) {
    InvalidValueException refused =
        assertThrows(InvalidValueException.class, () -> Title.parse(invisible));

    assertEquals("The title must hold a visible character", refused.getMessage());
    assertEquals(invisible + "x", Title.parse(invisible + "x").value());
  }
}
