package dev.taskport.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.Jazzer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What holds for a parser and any input. A test class that implements it has a constructor without
 * parameters.
 *
 * <p>Every build tries the seeds. The profile {@code full} lets Jazzer look for other inputs, in a
 * process of its own, guided by the code that they reach: {@code -Dfuzz.runs=…} inputs, or as many
 * as fit into {@code -Dfuzz.seconds=…}. What it has found interesting is kept in {@code
 * target/fuzz}, and is where the next run begins.
 */
public interface ParserFuzzContract extends FuzzedParser {
  /** The inputs of a regular build, and the time for them: it must end, on a busy machine too. */
  long RUNS = 5_000;

  long SECONDS = 30;

  /** Inputs to begin with, good and bad ones. */
  List<String> seeds();

  @Test
  default void theSeedsAreParsed() throws Exception {
    for (String seed : seeds()) {
      parse(seed.getBytes(UTF_8));
    }
  }

  @Tag("full")
  @Test
  default void whatJazzerComesUpWithIsParsed() throws IOException, InterruptedException {
    long seed = Long.getLong("fuzz.seed", new Random().nextInt(1, Integer.MAX_VALUE));
    Path folder = Files.createDirectories(Path.of("target", "fuzz", getClass().getSimpleName()));
    Path seeds = Files.createDirectories(folder.resolve("seeds"));
    int number = 0;
    for (String text : seeds()) {
      Files.writeString(seeds.resolve("seed" + number++), text);
    }
    Path corpus = Files.createDirectories(folder.resolve("corpus"));
    Path output = folder.resolve("output.txt");
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    if (Runtime.version().feature() >= 21) {
      command.add("-XX:+EnableDynamicAgentLoading");
    }
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-D" + FuzzTarget.CLASS + "=" + getClass().getName(),
            "-cp",
            System.getProperty("java.class.path"),
            Jazzer.class.getName(),
            "--target_class=" + FuzzTarget.class.getName(),
            "--instrumentation_includes="
                + String.join(
                    File.pathSeparator,
                    "dev.taskport.**",
                    "com.fasterxml.jackson.core.**",
                    "com.nimbusds.**"),
            "--reproducer_path=" + folder,
            "-artifact_prefix=" + folder + File.separator,
            "-seed=" + seed,
            "-rss_limit_mb=0",
            "-timeout=120",
            "-runs="
                + (Long.getLong("fuzz.seconds") == null ? Long.getLong("fuzz.runs", RUNS) : -1),
            "-max_len=4096",
            "-max_total_time=" + Long.getLong("fuzz.seconds", SECONDS),
            corpus.toString(),
            seeds.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();

    int status;
    try {
      status = process.waitFor();
    } finally {
      process.destroyForcibly();
    }

    if (status != 0) {
      throw new AssertionError(
          "Jazzer has ended with %d; repeat it with -Dfuzz.seed=%d%n%s"
              .formatted(status, seed, ending(output)));
    }
  }

  private static String ending(Path output) throws IOException {
    try (Stream<String> lines = Files.lines(output, ISO_8859_1)) {
      List<String> all = lines.filter(line -> !line.matches("(INFO: |#).*")).toList();
      return String.join("\n", all.subList(Math.max(0, all.size() - 40), all.size()));
    }
  }
}
