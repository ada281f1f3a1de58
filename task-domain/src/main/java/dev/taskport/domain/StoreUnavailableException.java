package dev.taskport.domain;

/**
 * The store can't answer now: it can't be reached, is too busy, or is full. Whether a write took
 * effect is unknown; the same call may succeed later.
 */
public final class StoreUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why the store can't answer. */
  public enum Reason {
    /** It can't be reached, or doesn't answer. */
    UNREACHABLE,
    /** It answers, but could not carry out the call in time. */
    BUSY,
    /** It has no space for the write; reads may still work. */
    FULL
  }

  private final Reason reason;

  /** For a store that is {@link Reason#UNREACHABLE}. */
  public StoreUnavailableException(String message, Throwable cause) {
    this(Reason.UNREACHABLE, message, cause);
  }

  /** The message says what failed; it is for the log. */
  public StoreUnavailableException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Why it can't answer. */
  public Reason reason() {
    return reason;
  }
}
