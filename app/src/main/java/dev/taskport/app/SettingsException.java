package dev.taskport.app;

/**
 * The service can't start with a setting. The message is one line: the variable, or the file and
 * line, and what is wrong. It never contains the value.
 */
final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SettingsException(String message) {
    super(message);
  }
}
