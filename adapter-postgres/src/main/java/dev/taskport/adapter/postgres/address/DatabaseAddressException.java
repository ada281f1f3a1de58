package dev.taskport.adapter.postgres.address;

/**
 * A database URL that can't be used. The message is one line that says what is wrong and what to
 * write instead. It never contains the URL, the user, the password, or a part of them.
 */
public final class DatabaseAddressException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseAddressException(String message) {
    super(message);
  }
}
