package dev.taskport.app.isolation;

/**
 * An answer of the service.
 *
 * @param status the status; 0 if the service closed the connection without an answer
 * @param headers all header lines
 * @param tag the {@code ETag}, empty if there is none
 */
record Answer(int status, String headers, String tag, String body) {
  static final Answer NONE = new Answer(0, "", "", "");

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  boolean holds(String text) {
    return headers.contains(text) || body.contains(text);
  }
}
