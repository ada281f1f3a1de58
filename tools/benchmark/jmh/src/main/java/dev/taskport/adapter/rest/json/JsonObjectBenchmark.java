package dev.taskport.adapter.rest.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
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

/** Reading a body, and writing a time. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class JsonObjectBenchmark {
  private final byte[] body =
      "{\"title\":\"Buy fresh bread on the way\",\"priority\":\"high\",\"tags\":[\"errand\",\"home\"],\"due_date\":\"2026-12-24\"}"
          .getBytes(UTF_8);
  private final Instant time = Instant.parse("2026-11-21T09:47:36.273282Z");

  @Benchmark
  public Object readBody() {
    return JsonObject.parse(body);
  }

  @Benchmark
  public Object writeTime() {
    return Timestamps.format(time);
  }
}
