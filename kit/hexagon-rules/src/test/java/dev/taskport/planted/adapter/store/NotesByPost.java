package dev.taskport.planted.adapter.store;

import dev.taskport.planted.application.ForSendingNotes;
import dev.taskport.planted.domain.Note;
import dev.taskport.planted.domain.Owner;

/** Sound: implements a port of the application. */
final class NotesByPost implements ForSendingNotes {
  @Override
  public void send(Owner owner, Note note) {}
}
