package dev.taskport.adapter.rest.problem;

/** The client's sync token leads to changes that the service no longer knows: 410. */
public final class StartOverException extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
