package dev.taskport.domain;

/**
 * More about a task; may be empty. The constructor takes a description that a store holds as it is,
 * even one that an older program wrote under other rules; input goes through {@link #parse}.
 */
public record Description(String value) {
  /** The most characters (Unicode code points) that a description may have. */
  public static final int MAX_LENGTH = 1000;

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

  @Override
  public String toString() {
    return value;
  }
}
