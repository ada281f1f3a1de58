package dev.taskport.planted.application;

import dev.taskport.planted.domain.Note;
import dev.taskport.planted.domain.Owner;

/** Sound: a port that isn't named Repository and isn't in the domain. */
public interface ForSendingNotes {
  /** Sends a note. */
  void send(Owner owner, Note note);
}
