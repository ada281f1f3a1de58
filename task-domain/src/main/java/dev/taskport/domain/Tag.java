package dev.taskport.domain;

/** A word by which a user groups tasks. Immutable. */
public final class Tag extends Text {
  /** The most characters (Unicode code points) that a tag may have. */
  public static final int MAX_LENGTH = 50;

  private Tag(String value) {
    super(value);
  }

  /**
   * Strips Unicode white space at both ends, then accepts 1 to {@value #MAX_LENGTH} characters
   * without commas and control characters.
   *
   * @throws InvalidValueException for anything else
   */
  public static Tag parse(String text) {
    String tag = Text.strip(text);
    if (tag.isEmpty()) {
      throw new InvalidValueException("The tag must not be empty");
    }
    Text.requireAtMost(MAX_LENGTH, tag, "tag");
    Text.requirePrintable(tag, "", "tag");
    if (tag.indexOf(',') >= 0) {
      throw new InvalidValueException("The tag must not hold a comma");
    }
    return new Tag(tag);
  }

  /** A tag that a store holds, as it is: an older program may have written it under other rules. */
  static Tag stored(String value) {
    return new Tag(value);
  }

  /** The same for all tags that differ by case alone, in the way of {@link Search}. */
  public String folded() {
    return Search.fold(value());
  }
}
