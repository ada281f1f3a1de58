package dev.taskport.adapter.postgres;

import dev.taskport.domain.Search;
import dev.taskport.domain.Tag;
import dev.taskport.domain.Tags;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A search, for a text or a tag, as a regular expression of PostgreSQL that lists, for each
 * character, all its cases. So it is {@link Search#fold} alone that says which these are, whatever
 * the server's version and the database's locale have to say about upper and lower case.
 */
final class SearchPattern {
  /** By folded character, all that are folded to it, where these are several. */
  private static final Map<Integer, StringBuilder> CASES = cases();

  /** As a set of PostgreSQL: what the reader of stored tags strips, and no comma. */
  private static final String WHITE_SPACE =
      IntStream.rangeClosed(1, Character.MAX_VALUE)
          .filter(character -> character != ',' && !Character.isSurrogate((char) character))
          .mapToObj(Character::toString)
          .filter(character -> Tags.stored(character).values().isEmpty())
          .collect(Collectors.joining("", "[", "]*"));

  private SearchPattern() {}

  /** Matches where the text is found; to be used with the collation {@code C}. */
  static String of(Search search) {
    return anyCaseOf(search.value());
  }

  /** Matches joined tags with this one among them; to be used with the collation {@code C}. */
  static String among(Tag tag) {
    return "(^|,)" + WHITE_SPACE + anyCaseOf(tag.value()) + WHITE_SPACE + "(,|$)";
  }

  private static String anyCaseOf(String text) {
    return text.codePoints().mapToObj(SearchPattern::anyCaseOf).collect(Collectors.joining());
  }

  private static String anyCaseOf(int character) {
    StringBuilder cases = CASES.get(Search.fold(character));
    if (cases != null) {
      return "[" + cases + "]";
    }
    boolean special = character < 0x80 && !Character.isDigit(character);
    return (special ? "\\" : "") + Character.toString(character);
  }

  private static Map<Integer, StringBuilder> cases() {
    Map<Integer, StringBuilder> cases = new HashMap<>();
    for (int character = 0; character <= Character.MAX_CODE_POINT; character++) {
      int folded = Search.fold(character);
      if (folded != character) {
        cases
            .computeIfAbsent(folded, it -> new StringBuilder().appendCodePoint(it))
            .appendCodePoint(character);
      }
    }
    return cases;
  }
}
