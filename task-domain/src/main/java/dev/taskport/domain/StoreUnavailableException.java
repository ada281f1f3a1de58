package dev.taskport.domain;

/**
 * The store can't answer now: it can't be reached, or is too busy. Whether a write was carried out
 * is unknown; the same call may succeed later.
 */
public final class StoreUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what failed, for the log, and its cause. */
  public StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
