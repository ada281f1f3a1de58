package dev.taskport.adapter.rest.problem;

/** The task doesn't meet the request's precondition: 412. */
public final class PreconditionFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String currentTag;

  /**
   * The content of the answer.
   *
   * @param detail a sentence for the user
   * @param currentTag the task's current entity tag
   */
  public PreconditionFailedException(String detail, String currentTag) {
    super(detail);
    this.currentTag = currentTag;
  }

  String currentTag() {
    return currentTag;
  }
}
