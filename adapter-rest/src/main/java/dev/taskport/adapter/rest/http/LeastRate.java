package dev.taskport.adapter.rest.http;

/**
 * How fast a client must take what waits for it on a connection. Answers that wait at the same time
 * share the rate, so that a client that reads several at once needs no faster line. Used by the
 * connection's event loop only.
 */
final class LeastRate {
  private final long bytesPerSecond;
  private int waiting;

  LeastRate(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  void begin() {
    waiting++;
  }

  void end() {
    waiting--;
  }

  /** Whether an answer waits for the client. */
  boolean isOwed() {
    return waiting > 0;
  }

  /** In bytes a second: what each of the answers that wait is owed. */
  double perAnswer() {
    return (double) bytesPerSecond / Math.max(1, waiting);
  }
}
