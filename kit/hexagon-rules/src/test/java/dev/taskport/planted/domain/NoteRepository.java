package dev.taskport.planted.domain;

/** Sound. */
public interface NoteRepository {
  /** Keeps a note. */
  void keep(Owner owner, Note note);

  /** Counts the notes. */
  long count(Owner owner);
}
