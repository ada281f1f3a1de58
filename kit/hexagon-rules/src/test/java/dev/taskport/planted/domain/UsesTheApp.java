package dev.taskport.planted.domain;

import dev.taskport.planted.app.Notes;

/** An inner layer that uses the outermost one. */
final class UsesTheApp {
  void run() {
    Notes.main(new String[] {"Ann"});
  }
}
