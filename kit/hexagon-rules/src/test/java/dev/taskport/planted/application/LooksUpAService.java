package dev.taskport.planted.application;

import dev.taskport.planted.domain.NoteRepository;
import java.util.ServiceLoader;

/** Finds a port itself. */
final class LooksUpAService {
  NoteRepository notes() {
    return ServiceLoader.load(NoteRepository.class).findFirst().orElseThrow();
  }
}
