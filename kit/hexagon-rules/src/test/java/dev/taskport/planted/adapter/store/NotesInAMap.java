package dev.taskport.planted.adapter.store;

import dev.taskport.planted.domain.Note;
import dev.taskport.planted.domain.NoteRepository;
import dev.taskport.planted.domain.Owner;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Sound: public, and named so. */
public final class NotesInAMap implements NoteRepository {
  private final Map<Owner, List<Note>> notes = new ConcurrentHashMap<>();

  @Override
  public void keep(Owner owner, Note note) {
    notes.merge(owner, List.of(note), NotesInAMap::join);
  }

  @Override
  public long count(Owner owner) {
    return notes.getOrDefault(owner, List.of()).size();
  }

  private static List<Note> join(List<Note> some, List<Note> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }
}
