package dev.taskport.bench.http;

import dev.taskport.bench.server.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The load generator wrk: https://github.com/wg/wrk. */
final class Wrk {
  private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ");
  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
  private static final Pattern P99 = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s|m)\\b");
  private static final Pattern ERRORS =
      Pattern.compile("(?:Non-2xx or 3xx responses:|connect|read|write|timeout) (\\d+)");

  /** How many of a hundred requests may fail before a measurement is worth nothing. */
  private static final int MOST_ERRORS_PERCENT = 1;

  /**
   * What it counted.
   *
   * @param requests answered
   * @param rate answers per second
   * @param p99 the 99th percentile of their time, in milliseconds
   */
  record Result(long requests, double rate, double p99) {}

  private Wrk() {}

  /**
   * @throws IllegalStateException if it isn't installed
   */
  static void require() throws IOException {
    try {
      Children.end(
          Children.start(
              new ProcessBuilder("wrk", "--version")
                  .redirectErrorStream(true)
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)));
    } catch (IOException e) {
      throw new IllegalStateException(
          "wrk is not installed, which makes the load: apt-get install wrk, or see"
              + " https://github.com/wg/wrk",
          e);
    }
  }

  /**
   * Puts load on a service.
   *
   * @param strict whether more than a few failures end the benchmark
   */
  static Result run(String url, String script, int connections, int seconds, boolean strict)
      throws IOException {
    Path file = Files.createTempFile("benchmark", ".lua");
    try {
      Files.writeString(file, script);
      Process process =
          Children.start(
              new ProcessBuilder(
                      List.of(
                          "wrk",
                          "-t1",
                          "-c" + connections,
                          "-d" + seconds + "s",
                          "--timeout",
                          "10s",
                          "--latency",
                          "-s",
                          file.toString(),
                          url))
                  .redirectErrorStream(true));
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Children.end(process);
      long requests = (long) number(REQUESTS, output);
      long errors =
          ERRORS.matcher(output).results().mapToLong(error -> Long.parseLong(error.group(1))).sum();
      if (strict && errors > 0) {
        Progress.say("%,d of %,d requests failed", errors, requests);
        if (errors * 100 > requests * MOST_ERRORS_PERCENT) {
          throw new IllegalStateException(
              url + " did not serve the load: see the logs in tools/benchmark/target/run");
        }
      }
      return new Result(requests, number(RATE, output), milliseconds(output));
    } finally {
      Files.delete(file);
    }
  }

  private static double number(Pattern pattern, String output) {
    Matcher matcher = pattern.matcher(output);
    if (!matcher.find()) {
      throw new IllegalStateException("wrk said something else than expected: " + output);
    }
    return Double.parseDouble(matcher.group(1));
  }

  private static double milliseconds(String output) {
    Matcher matcher = P99.matcher(output);
    if (!matcher.find()) {
      return Double.NaN;
    }
    double number = Double.parseDouble(matcher.group(1));
    return switch (matcher.group(2)) {
      case "us" -> number / 1_000;
      case "ms" -> number;
      case "s" -> number * 1_000;
      default -> number * 60_000;
    };
  }
}
