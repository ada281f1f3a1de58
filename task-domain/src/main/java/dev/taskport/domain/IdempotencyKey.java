package dev.taskport.domain;

/**
 * A client's name for one request to create a task. A retry with the same key doesn't create a
 * second task. Unique within its user. Immutable.
 */
public final class IdempotencyKey extends Text {
  /** The most characters that a key may have. */
  public static final int MAX_LENGTH = 255;

  private IdempotencyKey(String value) {
    super(value);
  }

  /**
   * Accepts 1 to {@value #MAX_LENGTH} visible ASCII characters (U+0021 to U+007E).
   *
   * @throws InvalidValueException for anything else
   */
  public static IdempotencyKey parse(String text) {
    boolean visible = text.chars().allMatch(c -> c > 0x20 && c < 0x7F);
    if (text.isEmpty() || text.length() > MAX_LENGTH || !visible) {
      throw new InvalidValueException(
          "An idempotency key has 1 to " + MAX_LENGTH + " visible ASCII characters");
    }
    return new IdempotencyKey(text);
  }
}
