package dev.taskport.planted.domain;

import java.time.Instant;

/** A port that forgets the owner, once by itself. */
public interface LedgerRepository extends Countable {
  long total(Owner owner);

  long totalUntil(Instant end, Owner owner);
}
