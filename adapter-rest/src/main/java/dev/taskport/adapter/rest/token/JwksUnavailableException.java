package dev.taskport.adapter.rest.token;

/** A token can't be verified now: its key is not known, and the key set can't be read. */
final class JwksUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  JwksUnavailableException() {
    super("The key of a token is not known, and the key set can't be read", null, false, false);
  }
}
