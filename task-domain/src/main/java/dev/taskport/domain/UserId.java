package dev.taskport.domain;

/** The id of the user who owns a task. Immutable. */
public final class UserId extends Text {
  /** The most characters (Unicode code points) that an id may have. */
  public static final int MAX_LENGTH = 255;

  private UserId(String value) {
    super(value);
  }

  /**
   * Accepts 1 to {@value #MAX_LENGTH} characters, not all white space, without control characters.
   *
   * @throws InvalidValueException for anything else
   */
  public static UserId parse(String text) {
    if (Text.isBlank(text)) {
      throw new InvalidValueException("The user id must not be blank");
    }
    Text.requireAtMost(MAX_LENGTH, text, "user id");
    Text.requirePrintable(text, "", "user id");
    return new UserId(text);
  }
}
