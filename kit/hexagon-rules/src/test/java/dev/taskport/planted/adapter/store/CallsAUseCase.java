package dev.taskport.planted.adapter.store;

import dev.taskport.planted.application.TakeNote;
import dev.taskport.planted.domain.Owner;

/** A driven adapter that drives. */
final class CallsAUseCase {
  void call(TakeNote takeNote, Owner owner) {
    takeNote.take(owner);
  }
}
