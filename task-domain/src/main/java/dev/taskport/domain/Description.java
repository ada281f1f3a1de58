package dev.taskport.domain;

/** A longer text about a task; may be empty. Immutable. */
public final class Description extends Text {
  /** The most characters (Unicode code points) that a description may have. */
  public static final int MAX_LENGTH = 1000;

  private Description(String value) {
    super(value);
  }

  /**
   * Accepts up to {@value #MAX_LENGTH} characters and keeps them unchanged. The only control
   * characters allowed are tab, newline and carriage return.
   *
   * @throws InvalidValueException for anything else
   */
  public static Description parse(String text) {
    Text.requireAtMost(MAX_LENGTH, text, "description");
    Text.requirePrintable(text, "\t\n\r", "description");
    return new Description(text);
  }

  /**
   * A description that a store holds. It is not checked, because an older program may have written
   * it under different rules.
   */
  public static Description stored(String value) {
    return new Description(value);
  }
}
