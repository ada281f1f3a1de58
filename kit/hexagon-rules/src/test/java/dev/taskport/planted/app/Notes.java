package dev.taskport.planted.app;

import dev.taskport.planted.adapter.store.NotesInAMap;
import dev.taskport.planted.application.TakeNote;
import dev.taskport.planted.domain.Owner;
import java.time.Clock;

/** Sound: the app may wire, ask for the time, and speak to the terminal. */
public final class Notes {
  private Notes() {}

  /** Takes a note and says so. */
  public static void main(String[] names) {
    TakeNote takeNote = new TakeNote(new NotesInAMap(), Clock.systemUTC());
    takeNote.take(new Owner(names[0]));
    System.out.println("taken");
  }
}
