package dev.taskport.bench.store;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.bench.server.Progress;
import dev.taskport.bench.server.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures the cost of reading lists and of maintaining their indexes, on tables of several sizes,
 * and prints it in Markdown. {@code docs/performance.md} says how to run it, and lists the
 * environment variables.
 */
public final class StoreBenchmark {
  /** The share of reads that is repeated first, untimed, as a warm-up. */
  private static final double WARM_UP = 0.2;

  private StoreBenchmark() {}

  public static void run() throws IOException, SQLException {
    List<Population> populations =
        Stream.of(setting("BENCH_ROWS", "10000,10000000").split(",", -1))
            .map(rows -> new Population(Long.parseLong(rows.strip())))
            .toList();
    int times = Integer.parseInt(setting("BENCH_READS", "1000"));
    Path target = Path.of("tools/benchmark/target").toAbsolutePath();
    String folder = setting("BENCH_DATA_DIR", target.resolve("bench-data").toString());
    try (Server server = Server.open(setting("BENCH_DATABASE_URL", ""), Path.of(folder))) {
      Report report = new Report(server.version());
      measureReads(server, populations, times, report);
      long largest = populations.stream().mapToLong(Population::rows).max().orElseThrow();
      long rows = IndexCost.rows(largest);
      report.indexes(rows, IndexCost.measure(server, rows));
      Path file = target.resolve("bench.md");
      Files.createDirectories(target);
      Files.writeString(file, report.toString());
      print(report.toString());
      Progress.say("the results are also in %s", file);
    }
  }

  private static void measureReads(
      Server server, List<Population> populations, int times, Report report) throws SQLException {
    List<Table> tables = new ArrayList<>();
    try {
      for (Population population : populations) {
        DatabaseAddress schema = Fill.complete(server, population);
        tables.add(new Table(population, Store.on(schema), times));
      }
      measure(
          tables.stream()
              .flatMap(table -> Stream.of(table.pages(), table.others()))
              .flatMap(probes -> probes.values().stream())
              .toList());
      report.reads(tables, times);
    } finally {
      tables.forEach(Table::close);
    }
  }

  /**
   * Runs all kinds of reads in turn, so that a temporary disturbance of the machine affects all of
   * them.
   */
  private static void measure(List<Probe> probes) throws SQLException {
    int rounds = probes.stream().mapToInt(Probe::times).max().orElseThrow();
    Progress.say("reading %,d kinds of pages, %,d times each", probes.size(), rounds);
    for (int round = 0; round < rounds * WARM_UP; round++) {
      for (Probe probe : probes) {
        if (round < probe.times() * WARM_UP) {
          probe.read();
        }
      }
    }
    for (int round = 0; round < rounds; round++) {
      for (Probe probe : probes) {
        if (round < probe.times()) {
          probe.time(round);
        }
      }
    }
    for (Probe probe : probes) {
      probe.countPages();
    }
  }

  private static String setting(String name, String byDefault) {
    String value = System.getenv(name);
    return value == null || value.isBlank() ? byDefault : value.strip();
  }

  @SuppressWarnings("SystemOut") // a program for the terminal
  private static void print(String text) {
    System.out.println(text);
  }
}
