package dev.taskport.bench.http;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is measured, and how long.
 *
 * @param rows the size of the table
 * @param users whose tasks these are, each as many
 * @param rounds how often each work is measured; the median counts
 * @param seconds how long each time
 * @param connections of the load generator
 * @param works what is measured
 * @param peers whether the Vert.x and the Spring service are, too
 * @param tokens whether Taskport is measured with tokens (HS256), too
 * @param databaseUrl an external database; empty for a server of the benchmark's own
 * @param postgres the folder of a PostgreSQL's programs; null for the embedded ones
 * @param docs whether the table goes into {@code docs/performance.md}
 * @param minutes how long the memory is watched
 */
public record Options(
    int rows,
    int users,
    int rounds,
    int seconds,
    int connections,
    List<Work> works,
    boolean peers,
    boolean tokens,
    String databaseUrl,
    @Nullable Path postgres,
    boolean docs,
    int minutes) {

  public static final String USAGE =
      """
      Options (the defaults are those of http):
        --rows 1000000            the table's size
        --users 10000             whose tasks these are
        --rounds 5                how often each work is measured; the median counts
        --seconds 5               how long each time
        --connections 32          of the load generator
        --works bare,get,…        of bare, get, list, toggle, create and mix; profile takes the first
        --tokens                  measure Taskport with tokens (HS256), too
        --no-peers                Taskport alone
        --no-docs                 don't write the table into docs/performance.md
        --database-url URL        a PostgreSQL 15 or later; by default the embedded one
        --postgres FOLDER         start the PostgreSQL whose programs are there
        --minutes 5               of flat: how long the memory is watched
      """;

  /**
   * Reads the options of a command.
   *
   * @throws IllegalArgumentException if an option is unknown or has no proper value
   */
  public static Options parse(List<String> arguments) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      String name = arguments.get(i);
      switch (name) {
        case "--tokens", "--no-peers", "--no-docs" -> values.put(name, "");
        case "--rows",
            "--users",
            "--rounds",
            "--seconds",
            "--connections",
            "--works",
            "--database-url",
            "--postgres",
            "--minutes" -> {
          if (++i == arguments.size()) {
            throw new IllegalArgumentException(name + " needs a value");
          }
          values.put(name, arguments.get(i));
        }
        default -> throw new IllegalArgumentException("don't know the option " + name);
      }
    }
    List<Work> works = new ArrayList<>(List.of(Work.values()));
    if (values.containsKey("--works")) {
      works.clear();
      for (String work : values.getOrDefault("--works", "").split(",", -1)) {
        works.add(Work.valueOf(work.strip().toUpperCase(Locale.ROOT)));
      }
    }
    String postgres = values.get("--postgres");
    return new Options(
        number(values, "--rows", 1_000_000),
        number(values, "--users", 10_000),
        number(values, "--rounds", 5),
        number(values, "--seconds", 5),
        number(values, "--connections", 32),
        List.copyOf(works),
        !values.containsKey("--no-peers"),
        values.containsKey("--tokens"),
        values.getOrDefault("--database-url", ""),
        postgres == null ? null : Path.of(postgres),
        !values.containsKey("--no-docs"),
        number(values, "--minutes", 5));
  }

  private static int number(Map<String, String> values, String name, int byDefault) {
    int number = Integer.parseInt(values.getOrDefault(name, String.valueOf(byDefault)));
    if (number < 1) {
      throw new IllegalArgumentException(name + " must be 1 or more");
    }
    return number;
  }

  /** The same for a table of this size; each user has as many tasks as here. */
  Options withRows(int rows) {
    return new Options(
        rows,
        Math.max(1, (int) ((long) users * rows / this.rows)),
        rounds,
        seconds,
        connections,
        works,
        peers,
        tokens,
        databaseUrl,
        postgres,
        docs,
        minutes);
  }
}
