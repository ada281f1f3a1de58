package dev.taskport.adapter.postgres.pipeline;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** An answer with one row for each operation; those that have none were left alone. */
public final class OneRowEach<O, R> implements PipelinedStatement.Answer<R> {
  private final List<O> operations;
  private final BiFunction<O, WireRow, R> reader;
  private final List<@Nullable R> results;

  /** For these operations, whose places are in the last column. */
  public OneRowEach(List<O> operations, BiFunction<O, WireRow, R> reader) {
    this.operations = operations;
    this.reader = reader;
    results = new ArrayList<>(Collections.nCopies(operations.size(), null));
  }

  @Override
  public void add(WireRow row) {
    int place = row.place();
    results.set(place, reader.apply(operations.get(place), row));
  }

  @Override
  public List<@Nullable R> results() {
    return results;
  }
}
