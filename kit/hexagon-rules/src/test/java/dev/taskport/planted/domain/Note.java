package dev.taskport.planted.domain;

import java.time.Clock;
import java.time.Instant;

/** Sound: it asks the clock that it is given, and arrays of what it may use are fine. */
public record Note(Owner owner, String text, Instant written) {
  public static Note empty(Owner owner, Clock clock) {
    return new Note(owner, "", Instant.now(clock));
  }

  String[] words() {
    return text.split(" ", -1);
  }

  char[] characters() {
    return text.toCharArray();
  }
}
