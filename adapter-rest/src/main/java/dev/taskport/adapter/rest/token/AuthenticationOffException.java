package dev.taskport.adapter.rest.token;

/** Without tokens nobody knows whose tasks those under {@code /api/tasks} are: 401. */
final class AuthenticationOffException extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
