package dev.taskport.adapter.rest.problem;

/** No further event stream can be opened: 429 or 503. */
public final class TooManyStreamsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean ofUser;

  /**
   * @param ofUser whether this user has too many; otherwise the service has
   */
  public TooManyStreamsException(boolean ofUser) {
    this.ofUser = ofUser;
  }

  boolean ofUser() {
    return ofUser;
  }
}
