package dev.taskport.adapter.rest.problem;

/** There is no memory now for a further answer. */
public final class TooMuchInFlightException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TooMuchInFlightException() {
    super(null, null, false, false);
  }
}
