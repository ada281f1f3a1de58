package dev.taskport.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TagsTest {
  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "' , ,', ''",
    "'work', 'work'",
    "' b\u00A0,a ,c,', 'b,a,c'",
    "'Home,work,HOME,h\u00F6me,home', 'Home,work,h\u00F6me'",
    "'\u00C9t\u00E9,\u00E9T\u00C9', '\u00C9t\u00E9'",
    "'k,\u212A', 'k'"
  })
  void tagsAreStrippedAndKeptInTheirOrderOncePerCase(String text, String joined) {
    assertEquals(joined, Tags.parse(text).joined());
    assertEquals(Tags.parse(text), Tags.stored(joined));
  }

  @Test
  void atMost20TagsRemain() {
    List<Tag> tags = IntStream.range(0, 21).mapToObj(i -> Tag.parse("tag " + i)).toList();

    assertEquals(20, Tags.of(tags.subList(0, 20)).values().size());
    assertEquals(1, Tags.of(Collections.nCopies(21, tags.get(0))).values().size());
    assertEquals(
        "There are 21 tags; at most 20 are allowed",
        assertThrows(InvalidValueException.class, () -> Tags.of(tags)).getMessage());
  }

  @Test
  void aTagHasUpTo50CodePoints() {
    String longest = "\uD83D\uDE00".repeat(Tag.MAX_LENGTH);

    assertEquals(longest, Tag.parse(" " + longest + " ").value());
    assertEquals("The tag has 51 characters; at most 50 are allowed", refusal(longest + "x"));
  }

  @ParameterizedTest
  @CsvSource({"'', The tag must not be empty", "'a,b', The tag must not contain a comma"})
  void aTagIsAtLeastOneCharacterAndHoldsNoComma(String text, String refusal) {
    assertEquals(refusal, refusal(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\tb", "a\0", "a\u0085b"})
  void aTagHoldsNoControlCharacter(String text) {
    assertEquals(
        "The tag must not hold the control character U+%04X"
            .formatted(text.chars().filter(Character::isISOControl).findFirst().orElseThrow()),
        refusal(text));
  }

  @Test
  void whatAStoreHoldsIsTakenAsItIsButForTheSpaceAroundTags() {
    assertEquals("a,A,\0", Tags.stored(" a,,A ,\0,").joined());
    assertEquals("x".repeat(99), Tags.stored("x".repeat(99)).joined());
  }

  private static String refusal(String text) {
    return String.valueOf(
        assertThrows(InvalidValueException.class, () -> Tag.parse(text)).getMessage());
  }

  @Test
  void aTagHoldsNoCommaAnywhere() {
    for (String text : List.of(",a", "a,b", "a,")) {
      assertThrows(InvalidValueException.class, () -> Tag.parse(text));
    }
  }
}
