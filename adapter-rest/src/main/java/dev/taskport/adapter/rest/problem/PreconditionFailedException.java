package dev.taskport.adapter.rest.problem;

/** The task is not in the state that the request asks for: 412. */
public final class PreconditionFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String currentTag;

  /**
   * With what to tell the client.
   *
   * @param detail a sentence for the person
   * @param currentTag the task's entity tag as it is now
   */
  public PreconditionFailedException(String detail, String currentTag) {
    super(detail);
    this.currentTag = currentTag;
  }

  String currentTag() {
    return currentTag;
  }
}
