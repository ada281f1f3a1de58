package dev.taskport.app.isolation;

/** Isolation can't be checked. The message says why in one line, and contains no token. */
public final class IsolationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  IsolationException(String message) {
    super(message);
  }

  IsolationException(String message, Throwable cause) {
    super(message, cause);
  }
}
