package dev.taskport.domain;

import java.util.Set;
import java.util.function.Function;

/** A condition that a task must meet for a write to take effect. */
public sealed interface Precondition {
  /** No condition: the last write wins. */
  Precondition NONE = new None();

  /** Whether a task in this state may be written. */
  boolean allows(Revision current);

  /** Applies the function for this kind of precondition, and returns its result. */
  <R> R match(Function<None, R> none, Function<RevisionIn, R> revisionIn);

  /** See {@link #NONE}. */
  record None() implements Precondition {
    @Override
    public boolean allows(Revision current) {
      return true;
    }

    @Override
    public <R> R match(Function<None, R> none, Function<RevisionIn, R> revisionIn) {
      return none.apply(this);
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

    @Override
    public <R> R match(Function<None, R> none, Function<RevisionIn, R> revisionIn) {
      return revisionIn.apply(this);
    }
  }
}
