package dev.taskport.bench.http;

import dev.taskport.bench.server.Progress;
import dev.taskport.bench.server.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the time from the launcher's start to the first list, and the memory after it, with and
 * without the AOT cache, on the embedded server and on one that runs already.
 */
public final class StartBenchmark {
  private StartBenchmark() {}

  public static void run(Options options) throws IOException, SQLException {
    if (Runtime.version().feature() >= 25) {
      train();
    }
    try (Server server = HttpBenchmark.server(options)) {
      Map<String, Map<String, String>> kinds = new LinkedHashMap<>();
      Path data = Path.of("tools/benchmark/target/start-data").toAbsolutePath();
      Map<String, String> embedded = Map.of("DATA_DIR", data.toString());
      Map<String, String> external =
          Contender.variables(TaskTables.taskport(server, options.rows(), options.users()));
      kinds.put("embedded server", embedded);
      kinds.put("external server", external);
      if (Runtime.version().feature() >= 25) {
        kinds.put("embedded server, without the cache", without(embedded));
        kinds.put("external server, without the cache", without(external));
      }
      Map<String, List<double[]>> results = new LinkedHashMap<>();
      for (int round = 0; round <= options.rounds(); round++) {
        for (Map.Entry<String, Map<String, String>> kind : kinds.entrySet()) {
          double[] result = start(kind.getKey(), kind.getValue());
          if (round > 0) { // the first makes the database
            results.computeIfAbsent(kind.getKey(), name -> new ArrayList<>()).add(result);
          }
        }
      }
      StringBuilder text =
          new StringBuilder(
              "| start | first answer, s | CPU, s | resident, MB |\n|---|---|---|---|\n");
      results.forEach(
          (kind, list) ->
              text.append(
                  "| %s | %.2f | %.2f | %.0f |\n"
                      .formatted(kind, median(list, 0), median(list, 1), median(list, 2))));
      text.append(
          "\nJDK %s; %s; medians of %d starts in alternation.\n"
              .formatted(Runtime.version(), server.version(), options.rounds()));
      HttpBenchmark.print(text.toString());
    }
  }

  private static void train() throws IOException {
    ProcessBuilder builder = new ProcessBuilder("./taskport", "train").inheritIO();
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("JAVA_OPTS");
    Process training = Children.start(builder);
    if (training.onExit().join().exitValue() != 0) {
      throw new IllegalStateException("The AOT cache was not made");
    }
  }

  private static Map<String, String> without(Map<String, String> variables) {
    Map<String, String> without = new HashMap<>(variables);
    without.put("JAVA_OPTS", Contender.WITHOUT_CACHE);
    return without;
  }

  /** Seconds to the first answer, seconds of CPU until then, megabytes. */
  private static double[] start(String kind, Map<String, String> variables) throws IOException {
    long begin = System.nanoTime();
    try (Contender service = Contender.starting("start", variables)) {
      service.awaitAnswer("/api/user-1/tasks?limit=50");
      double seconds = (System.nanoTime() - begin) / 1e9;
      double[] result = {
        seconds, Cpu.ofProcess(service.pid()) / 1e6, Cpu.residentMegabytes(service.pid())
      };
      Progress.say("%-40s %.2f s, %.2f s of CPU, %.0f MB", kind, result[0], result[1], result[2]);
      return result;
    }
  }

  private static double median(List<double[]> results, int part) {
    double[] sorted = results.stream().mapToDouble(result -> result[part]).sorted().toArray();
    return (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
  }
}
