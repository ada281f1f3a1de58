package dev.taskport.domain;

/**
 * A value that came from outside is not acceptable. The message is one sentence for the person who
 * sent it: it says what is wrong and what is allowed, and never repeats the value.
 */
public final class InvalidValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the sentence to show. */
  public InvalidValueException(String message) {
    super(message);
  }
}
