package dev.taskport.domain;

/** What a task is called. Immutable. */
public final class Title extends Text {
  /** The most characters (Unicode code points) that a title may have. */
  public static final int MAX_LENGTH = 200;

  private Title(String value) {
    super(value);
  }

  /**
   * Strips Unicode white space at both ends, then accepts 1 to {@value #MAX_LENGTH} characters, at
   * least one of them visible, without control characters.
   *
   * @throws InvalidValueException for anything else
   */
  public static Title parse(String text) {
    String title = Text.strip(text);
    if (title.isEmpty()) {
      throw new InvalidValueException("The title must not be empty");
    }
    Text.requireAtMost(MAX_LENGTH, title, "title");
    Text.requirePrintable(title, "", "title");
    if (Text.isInvisible(title)) {
      throw new InvalidValueException("The title must hold a visible character");
    }
    return new Title(title);
  }

  /**
   * A title that a store holds. It is not checked, because an older program may have written it
   * under different rules.
   */
  public static Title stored(String value) {
    return new Title(value);
  }

  /** The title as lists sort it: A to Z become a to z, all other characters stay. */
  public String sortKey() {
    return Text.lowerCaseAscii(value());
  }
}
