package dev.taskport.adapter.rest;

/** A token may be good, but the key to tell can't be had now. */
final class TokenKeysUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TokenKeysUnavailableException() {
    super("The key of a token is not known, and the key set can't be read", null, false, false);
  }
}
