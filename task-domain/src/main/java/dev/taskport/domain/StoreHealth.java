package dev.taskport.domain;

import java.util.concurrent.CompletionStage;

/** Tells probes whether a store can do its work. Thread-safe. */
public interface StoreHealth {
  /** What a store can do. */
  enum State {
    /** It answers. */
    UP,
    /** It has no space for writes; reads may still work. */
    FULL,
    /** It doesn't answer. */
    DOWN
  }

  /** Asks the store, without waiting for its answer, which may take a few seconds. */
  CompletionStage<State> check();
}
