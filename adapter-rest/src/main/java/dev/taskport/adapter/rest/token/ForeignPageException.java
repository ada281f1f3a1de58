package dev.taskport.adapter.rest.token;

/** A write with the user's cookie came from a page of an origin that is not allowed: 403. */
final class ForeignPageException extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
