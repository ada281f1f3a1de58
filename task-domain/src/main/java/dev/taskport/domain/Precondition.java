package dev.taskport.domain;

import java.util.Set;

/** What must be true of a task for a write to be carried out. */
public sealed interface Precondition {
  /** No condition: the last write wins. */
  Precondition NONE = new None();

  /** Whether a task in this state may be written. */
  boolean allows(Revision current);

  /** See {@link #NONE}. */
  record None() implements Precondition {
    @Override
    public boolean allows(Revision current) {
      return true;
    }
  }

  /** The task must be in one of these states; an empty set allows none. */
  record RevisionIn(Set<Revision> revisions) implements Precondition {
    /** Copies the set. */
    public RevisionIn {
      revisions = Set.copyOf(revisions);
    }

    @Override
    public boolean allows(Revision current) {
      return revisions.contains(current);
    }
  }
}
