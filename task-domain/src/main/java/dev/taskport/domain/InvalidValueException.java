package dev.taskport.domain;

/**
 * A value from outside is not acceptable. The message is one sentence for the person who sent it.
 * It says what is wrong and what is allowed, and never repeats the value.
 */
public final class InvalidValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The message is shown to the client. */
  public InvalidValueException(String message) {
    super(message);
  }
}
