package dev.taskport.planted.app;

import dev.taskport.planted.adapter.store.NotExposed;

/** Reaches past the door of another layer. */
final class UsesWhatIsNotExposed {
  private UsesWhatIsNotExposed() {}

  static void call() {
    NotExposed.call();
  }
}
