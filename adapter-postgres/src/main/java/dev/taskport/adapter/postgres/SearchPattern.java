package dev.taskport.adapter.postgres;

import dev.taskport.domain.Search;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A search as a regular expression of PostgreSQL that lists, for each character, all its cases. So
 * it is {@link Search#fold} alone that says which these are, whatever the server's version and the
 * database's locale have to say about upper and lower case.
 */
final class SearchPattern {
  /** By folded character, all that are folded to it, where these are several. */
  private static final Map<Integer, StringBuilder> CASES = cases();

  private SearchPattern() {}

  /** Matches where the text is found; to be used with the collation {@code C}. */
  static String of(Search search) {
    return search
        .value()
        .codePoints()
        .mapToObj(SearchPattern::anyCaseOf)
        .collect(Collectors.joining());
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
