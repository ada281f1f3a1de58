package dev.taskport.bench;

import dev.taskport.bench.http.Flat;
import dev.taskport.bench.http.HttpBenchmark;
import dev.taskport.bench.http.Options;
import dev.taskport.bench.http.Profile;
import dev.taskport.bench.http.StartBenchmark;
import dev.taskport.bench.store.StoreBenchmark;
import java.util.Arrays;
import java.util.List;

/** The benchmarks by name, as {@code tools/benchmark/run} calls them. */
final class Benchmark {
  private static final String USAGE =
      """
      Usage: tools/benchmark/run COMMAND [OPTION]...

        http      requests: Taskport, a Vert.x and a Spring service, and floors, in alternation
        profile   where the service's time goes: a JFR recording of one work
        start     the time to the first answer, and the memory, with and without the AOT cache
        flat      100,000 and 10,000,000 rows, 32 and 2,000 connections, memory over time
        store     the statements of lists and the cost of indexes, without HTTP
        jmh       the hot pieces alone; what follows is passed on to JMH

      """;

  private Benchmark() {}

  public static void main(String[] args) throws Exception {
    List<String> rest = Arrays.asList(args).subList(Math.min(1, args.length), args.length);
    try {
      switch (args.length == 0 ? "" : args[0]) {
        case "http" -> HttpBenchmark.run(Options.parse(rest));
        case "profile" -> Profile.run(Options.parse(rest));
        case "start" -> StartBenchmark.run(Options.parse(rest));
        case "flat" -> Flat.run(Options.parse(rest));
        case "store" -> StoreBenchmark.run();
        default -> fail(USAGE + Options.USAGE);
      }
    } catch (IllegalArgumentException | IllegalStateException e) {
      fail("benchmark: " + e.getMessage());
    }
  }

  @SuppressWarnings("SystemOut") // a program for the terminal
  private static void fail(String message) {
    System.err.println(message);
    System.exit(1);
  }
}
