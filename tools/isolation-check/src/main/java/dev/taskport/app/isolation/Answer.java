package dev.taskport.app.isolation;

/**
 * What the service answered.
 *
 * @param status the status; 0 if it hung up without a word
 * @param headers all lines of the head
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
