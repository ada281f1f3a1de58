package dev.taskport.adapter.rest.list;

import dev.taskport.domain.Position;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.UserId;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The cursor of a page. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CursorBenchmark {
  private final UserId user = UserId.parse("user123");
  private final Position position =
      new Position.ByCreatedAt(
          Instant.parse("2026-11-21T09:47:36.273282Z"),
          new TaskId(UUID.fromString("01a2108e-4b6a-7f0b-98d3-d0ab1ab22605")));
  private final String cursor = Cursor.of(position, user, TaskFilter.ALL, TaskOrder.NEWEST_FIRST);

  @Benchmark
  public Object encode() {
    return Cursor.of(position, user, TaskFilter.ALL, TaskOrder.NEWEST_FIRST);
  }

  @Benchmark
  public Object decode() {
    return Cursor.parse(cursor, user, TaskFilter.ALL, TaskOrder.NEWEST_FIRST);
  }
}
