package dev.taskport.domain;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A value that is a text. Equal to the same text of the same class. Shared code of such values: how
 * characters are counted and which are refused.
 */
abstract class Text {
  private final String value;

  Text(String value) {
    this.value = value;
  }

  /** The text. */
  public String value() {
    return value;
  }

  @SuppressWarnings("EqualsGetClass") // the subclasses are final; a title equals no description
  @Override
  public boolean equals(@Nullable Object other) {
    return other != null && getClass() == other.getClass() && value.equals(((Text) other).value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  /** The text. */
  @Override
  public String toString() {
    return value;
  }

  /** Strips white space as Unicode sees it, the no-break spaces and U+0085 included. */
  static String strip(String text) {
    int start = 0;
    int end = text.length();
    // All white space lies in the basic plane, so looking at single chars is enough.
    while (start < end && isWhiteSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isWhiteSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  static void requireAtMost(int limit, String text, String name) {
    int length = text.codePointCount(0, text.length());
    if (length > limit) {
      throw new InvalidValueException(
          "The " + name + " has " + length + " characters; at most " + limit + " are allowed");
    }
  }

  /** Refuses control characters other than {@code allowed}, and unpaired surrogates. */
  static void requirePrintable(String text, String allowed, String name) {
    int index = 0;
    while (index < text.length()) {
      int character = text.codePointAt(index);
      int type = Character.getType(character);
      if (type == Character.SURROGATE) {
        throw new InvalidValueException(
            "The " + name + " holds half a character (a lone surrogate, U+" + hex(character) + ")");
      }
      if (type == Character.CONTROL && allowed.indexOf(character) < 0) {
        throw new InvalidValueException(
            "The " + name + " must not hold the control character U+" + hex(character));
      }
      index += Character.charCount(character);
    }
  }

  /** Turns A to Z into a to z, and leaves every other character alone. */
  static String lowerCaseAscii(String text) {
    StringBuilder lower = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      lower.append(c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c);
    }
    return lower.toString();
  }

  /** The text with the case of each character folded; {@link Search#fold} promises it. */
  static String folded(String text) {
    int[] folded = text.codePoints().map(Text::folded).toArray();
    return new String(folded, 0, folded.length);
  }

  static int folded(int codePoint) {
    return Character.toLowerCase(Character.toUpperCase(codePoint));
  }

  /** Compares by code points. {@link String#compareTo} compares UTF-16 units instead. */
  static int compareCodePoints(String one, String other) {
    return Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray());
  }

  static boolean isBlank(String text) {
    return strip(text).isEmpty();
  }

  /** Whether nothing of it shows: white space, and characters without a width. */
  static boolean isInvisible(String text) {
    return text.codePoints().allMatch(Text::isInvisible);
  }

  private static boolean isInvisible(int c) {
    boolean isFiller = c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0 || c == 0x2800;
    boolean isSelector = (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
    return isFiller
        || isSelector
        || c == 0x034F
        || Character.getType(c) == Character.FORMAT
        || (c <= 0xFFFF && isWhiteSpace((char) c));
  }

  private static boolean isWhiteSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }

  private static String hex(int character) {
    return String.format("%04X", character);
  }
}
