package dev.taskport.adapter.postgres.database;

/** A statement has certainly changed nothing: it was not sent, or the server rolled it back. */
public final class NotDoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NotDoneException(RuntimeException cause) {
    super("The statement has changed nothing", cause);
  }
}
