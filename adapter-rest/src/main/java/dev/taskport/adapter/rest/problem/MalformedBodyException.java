package dev.taskport.adapter.rest.problem;

/** The body can't be read as JSON: 400. The message is a sentence for the person who sent it. */
public final class MalformedBodyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MalformedBodyException(String message) {
    super(message);
  }
}
