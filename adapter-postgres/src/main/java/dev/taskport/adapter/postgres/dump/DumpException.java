package dev.taskport.adapter.postgres.dump;

import org.jspecify.annotations.Nullable;

/**
 * A dump could not be written or restored. The message is one line, says what to do, and contains
 * no data of the rows.
 */
public final class DumpException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DumpException(String message) {
    this(message, null);
  }

  DumpException(String message, @Nullable Throwable cause) {
    super(message.replaceAll("\\s*\\R\\s*", " "), cause);
  }
}
