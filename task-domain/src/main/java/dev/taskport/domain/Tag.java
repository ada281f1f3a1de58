package dev.taskport.domain;

/** A label by which a user groups tasks. Immutable. */
public final class Tag extends Text {
  /** The most characters (Unicode code points) that a tag may have. */
  public static final int MAX_LENGTH = 50;

  private Tag(String value) {
    super(value);
  }

  /**
   * Strips Unicode white space at both ends, then accepts 1 to {@value #MAX_LENGTH} characters that
   * are neither commas nor control characters.
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
      throw new InvalidValueException("The tag must not contain a comma");
    }
    return new Tag(tag);
  }

  /** A tag that a store holds. It is not checked: an older program may have had different rules. */
  static Tag stored(String value) {
    return new Tag(value);
  }

  /** The tag with its case folded as in a search: equal for tags that differ only in case. */
  public String folded() {
    return Text.folded(value());
  }
}
