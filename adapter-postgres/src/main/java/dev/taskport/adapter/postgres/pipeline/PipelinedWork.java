package dev.taskport.adapter.postgres.pipeline;

import java.util.List;

/** How operations of one kind go through a pipeline. Thread-safe. */
public interface PipelinedWork<O, R> {
  /** The statement for these operations, of which there is one at least. */
  PipelinedStatement<R> statement(List<O> operations);

  /** How many operations one statement carries out at most. */
  int most();

  /** Whether it changes something: then it waits for the disk, and must not keep reads waiting. */
  boolean isWrite();

  /** Whether an operation may be carried out again when nobody knows whether it was. */
  boolean isRepeatable();
}
