package dev.taskport.adapter.postgres.embedded;

import org.jspecify.annotations.Nullable;

/**
 * The embedded PostgreSQL can't be started or used. The message is one line for the operator: what
 * is wrong and what to do. It contains no password.
 */
public final class EmbeddedPostgresException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  EmbeddedPostgresException(String message) {
    this(message, null);
  }

  EmbeddedPostgresException(String message, @Nullable Throwable cause) {
    super(message.replaceAll("\\s*\\R\\s*", " "), cause);
  }
}
