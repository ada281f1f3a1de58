package dev.taskport.planted.application;

import dev.taskport.planted.domain.Note;
import dev.taskport.planted.domain.NoteRepository;
import dev.taskport.planted.domain.Owner;
import java.time.Clock;

/** Sound. */
public final class TakeNote {
  private final NoteRepository notes;
  private final Clock clock;

  public TakeNote(NoteRepository notes, Clock clock) {
    this.notes = notes;
    this.clock = clock;
  }

  public void take(Owner owner) {
    notes.keep(owner, Note.empty(owner, clock));
  }
}
