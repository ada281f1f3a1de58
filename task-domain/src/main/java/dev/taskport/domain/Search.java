package dev.taskport.domain;

/**
 * A text to look for in titles and descriptions. Upper and lower case are the same, character by
 * character and independent of language ({@link #fold(String)}). Every other difference counts,
 * accents too. There are no wildcards. Immutable.
 */
public final class Search extends Text {
  /** The most characters (Unicode code points) that can be searched for. */
  public static final int MAX_LENGTH = 200;

  private Search(String value) {
    super(value);
  }

  /**
   * Accepts 1 to {@value #MAX_LENGTH} characters. The only control characters allowed are tab,
   * newline and carriage return.
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

  /** Whether the task's title or description contains the text. */
  public boolean isFoundIn(Task task) {
    Description description = task.description();
    return isFoundIn(task.title().value())
        || (description != null && isFoundIn(description.value()));
  }

  private boolean isFoundIn(String where) {
    return fold(where).contains(fold(value()));
  }

  /**
   * The text with each character folded: a search is found in a text when its folded form is a part
   * of the text's folded form. A store that can't do this itself keeps the folded texts.
   *
   * <p>The cases of a character are those of the running JVM's Unicode. A later version may add
   * letters, and then folds these where the earlier one left them alone. A store that keeps folded
   * texts folds them anew when the version changes; until then a search misses only what differs in
   * such letters.
   */
  public static String fold(String text) {
    return Text.folded(text);
  }

  /**
   * The same character for all cases of a letter, as in {@link String#equalsIgnoreCase}: one for
   * {@code K}, {@code k} and the Kelvin sign, one for {@code I}, {@code i}, {@code İ} and {@code
   * ı}.
   */
  public static int fold(int codePoint) {
    return Text.folded(codePoint);
  }
}
