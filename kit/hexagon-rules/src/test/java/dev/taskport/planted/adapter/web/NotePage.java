package dev.taskport.planted.adapter.web;

import dev.taskport.planted.application.TakeNote;
import dev.taskport.planted.domain.Owner;
import jakarta.inject.Inject;

/** Sound. */
final class NotePage {
  private final TakeNote takeNote;

  @Inject
  NotePage(TakeNote takeNote) {
    this.takeNote = takeNote;
  }

  void post(String name) {
    takeNote.take(new Owner(name));
  }
}
