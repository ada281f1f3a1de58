package dev.taskport.domain;

/**
 * The store can't answer now: it can't be reached, is too busy or full. Whether a write was carried
 * out is unknown; the same call may succeed later.
 */
public final class StoreUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What keeps the store from answering. */
  public enum Reason {
    /** It can't be reached, or is too busy. */
    UNREACHABLE,
    /** It has no room for what was to be written; reads may go on. */
    FULL
  }

  private final Reason reason;

  /** For a store that is {@link Reason#UNREACHABLE}. */
  public StoreUnavailableException(String message, Throwable cause) {
    this(Reason.UNREACHABLE, message, cause);
  }

  /** With what failed, for the log, and its cause. */
  public StoreUnavailableException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** What keeps it from answering. */
  public Reason reason() {
    return reason;
  }
}
