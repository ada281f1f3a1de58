package dev.taskport.planted.adapter.store;

/** Public for its layer's own packages, and not exposed. */
public final class NotExposed {
  private NotExposed() {}

  /** Does nothing. */
  public static void call() {}
}
