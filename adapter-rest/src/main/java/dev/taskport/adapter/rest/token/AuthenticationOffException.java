package dev.taskport.adapter.rest.token;

/**
 * A request to {@code /api/tasks} on a service without authentication, where no token names the
 * user: 401.
 */
final class AuthenticationOffException extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
