package dev.taskport.app;

/**
 * A setting that the service can't start with. The message is one line that names the variable, or
 * the line of the file, and what is wrong with it; it never shows the value.
 */
final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SettingsException(String message) {
    super(message);
  }
}
