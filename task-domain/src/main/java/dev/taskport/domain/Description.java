package dev.taskport.domain;

/** More about a task; may be empty. Immutable. */
public final class Description extends Text {
  /** The most characters (Unicode code points) that a description may have. */
  public static final int MAX_LENGTH = 1000;

  private Description(String value) {
    super(value);
  }

  /**
   * Accepts up to {@value #MAX_LENGTH} characters and keeps them as they are. Of the control
   * characters only tab, newline and carriage return are allowed.
   *
   * @throws InvalidValueException for anything else
   */
  public static Description parse(String text) {
    Text.requireAtMost(MAX_LENGTH, text, "description");
    Text.requirePrintable(text, "\t\n\r", "description");
    return new Description(text);
  }

  /**
   * A description that a store holds, as it is: an older program may have written it under other
   * rules.
   */
  public static Description stored(String value) {
    return new Description(value);
  }
}
