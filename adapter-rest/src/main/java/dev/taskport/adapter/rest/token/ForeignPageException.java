package dev.taskport.adapter.rest.token;

/** A page that may not call has sent the user's cookie along: 403. */
final class ForeignPageException extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
