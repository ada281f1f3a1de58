package dev.taskport.domain;

/**
 * A text to look for in titles and descriptions. Upper and lower case are the same, for each
 * character on its own and in no particular language ({@link #fold}); every other difference
 * counts, accents too. No character has a special meaning. Immutable.
 */
public final class Search extends Text {
  /** The most characters (Unicode code points) that can be searched for. */
  public static final int MAX_LENGTH = 200;

  private Search(String value) {
    super(value);
  }

  /**
   * Accepts 1 to {@value #MAX_LENGTH} characters, of control characters only tab, newline and
   * carriage return.
   *
   * @throws InvalidValueException for anything else
   */
  public static Search parse(String text) {
    if (text.isEmpty()) {
      throw new InvalidValueException("The search must not be empty");
    }
    Text.requireAtMost(MAX_LENGTH, text, "search");
    Text.requirePrintable(text, "\t\n\r", "search");
    return new Search(text);
  }

  /** Whether the task's title or description holds the text. */
  public boolean isFoundIn(Task task) {
    Description description = task.description();
    return isFoundIn(task.title().value())
        || (description != null && isFoundIn(description.value()));
  }

  private boolean isFoundIn(String where) {
    return folded(where).contains(folded(value()));
  }

  /**
   * The character that stands for this one and its other cases, as in {@link
   * String#equalsIgnoreCase}: one for {@code K}, {@code k} and the Kelvin sign, one for {@code I},
   * {@code i}, {@code İ} and {@code ı}.
   */
  public static int fold(int codePoint) {
    return Character.toLowerCase(Character.toUpperCase(codePoint));
  }

  /** The text, each character {@linkplain #fold folded}. */
  static String folded(String text) {
    int[] folded = text.codePoints().map(Search::fold).toArray();
    return new String(folded, 0, folded.length);
  }
}
