package dev.taskport.bench.http;

import dev.taskport.bench.server.Progress;
import dev.taskport.bench.server.Server;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Measures whether requests stay as cheap with more rows, more connections, and over time. */
public final class Flat {
  private static final int FEW_ROWS = 100_000;
  private static final int MANY_ROWS = 10_000_000;
  private static final int MANY_CONNECTIONS = 2_000;
  private static final int SECONDS_BETWEEN_LOOKS = 10;

  private Flat() {}

  public static void run(Options options) throws IOException, SQLException {
    Wrk.require();
    try (Server server = HttpBenchmark.server(options)) {
      Options few = options.withRows(FEW_ROWS);
      StringBuilder text = new StringBuilder();
      rows(server, options, text);
      try (Contender taskport =
          Contender.taskport("Taskport", TaskTables.taskport(server, FEW_ROWS, few.users()))) {
        connections(taskport, few, HttpBenchmark.postmaster(server), text);
        memory(taskport, few, text);
      }
      text.append(
          "\n%s; JDK %s; medians of %d rounds of %d s in alternation.\n"
              .formatted(server.version(), Runtime.version(), options.rounds(), options.seconds()));
      HttpBenchmark.print(text.toString());
    }
  }

  private static void rows(Server server, Options options, StringBuilder text)
      throws IOException, SQLException {
    Options few = options.withRows(FEW_ROWS);
    Options many = options.withRows(MANY_ROWS);
    long postmaster = HttpBenchmark.postmaster(server);
    try (Contender small =
            Contender.taskport("100,000 rows", TaskTables.taskport(server, FEW_ROWS, few.users()));
        Contender large =
            Contender.taskport(
                "10,000,000 rows", TaskTables.taskport(server, MANY_ROWS, many.users()))) {
      Map<Work, List<Cost>> smalls = new EnumMap<>(Work.class);
      Map<Work, List<Cost>> larges = new EnumMap<>(Work.class);
      small.warm(few);
      large.warm(many);
      for (Work work : options.works()) {
        for (int round = 1; round <= options.rounds(); round++) {
          smalls
              .computeIfAbsent(work, key -> new ArrayList<>())
              .add(small.measure(work, few, postmaster, round));
          larges
              .computeIfAbsent(work, key -> new ArrayList<>())
              .add(large.measure(work, many, postmaster, round));
        }
      }
      text.append("| work | 100,000 rows | 10,000,000 rows | throughput |\n|---|---|---|---|\n");
      smalls.forEach(
          (work, costs) -> {
            Cost before = Cost.median(costs);
            Cost after = Cost.median(larges.getOrDefault(work, List.of()));
            text.append(
                "| %s | %s | %s | %.0f %% |\n"
                    .formatted(work.title(), before, after, 100 * after.rate() / before.rate()));
          });
    }
  }

  private static void connections(
      Contender taskport, Options options, long postmaster, StringBuilder text) throws IOException {
    List<Cost> fews = new ArrayList<>();
    List<Cost> manies = new ArrayList<>();
    taskport.warm(options);
    for (int round = 1; round <= options.rounds(); round++) {
      fews.add(taskport.measure(Work.GET, options, postmaster, round));
      try (OpenConnections open =
          OpenConnections.to(taskport.url(), MANY_CONNECTIONS - options.connections())) {
        manies.add(taskport.measure(Work.GET, options, postmaster, round));
        open.requireAll();
      }
    }
    Cost few = Cost.median(fews);
    Cost lots = Cost.median(manies);
    text.append(
        "\nGet one over %d connections: %s. With %,d more open: %s, which is %.0f %% of the throughput.\n"
            .formatted(
                options.connections(),
                few,
                MANY_CONNECTIONS - options.connections(),
                lots,
                100 * lots.rate() / few.rate()));
  }

  private static void memory(Contender taskport, Options options, StringBuilder text) {
    Progress.say("watching the memory for %d minutes", options.minutes());
    CompletableFuture<Void> load =
        CompletableFuture.runAsync(
            () -> {
              try {
                taskport.load(Work.MIX, options, options.minutes() * 60);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    List<Double> megabytes = new ArrayList<>();
    while (!load.isDone()) {
      megabytes.add(Cpu.residentMegabytes(taskport.pid()));
      load.copy().completeOnTimeout(null, SECONDS_BETWEEN_LOOKS, TimeUnit.SECONDS).join();
    }
    load.join();
    int quarter = Math.max(1, megabytes.size() / 4);
    text.append(
        "\nResident under the mix, over %d minutes (MB, the most of each quarter):"
            .formatted(options.minutes()));
    for (int begin = 0; begin < megabytes.size(); begin += quarter) {
      double most =
          megabytes.subList(begin, Math.min(begin + quarter, megabytes.size())).stream()
              .mapToDouble(Double::doubleValue)
              .max()
              .orElse(0);
      text.append(" %.0f".formatted(most));
    }
    text.append(".\n");
  }
}
