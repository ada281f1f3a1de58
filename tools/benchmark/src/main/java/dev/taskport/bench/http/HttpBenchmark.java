package dev.taskport.bench.http;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.bench.server.Progress;
import dev.taskport.bench.server.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Measures requests over HTTP: all services run at once, and take turns under load, so that a
 * disturbance of the machine hits all of them.
 */
public final class HttpBenchmark {
  private static final Path DOCS = Path.of("docs/performance.md");
  private static final String BEGIN = "<!-- http: written by tools/benchmark/run http -->";
  private static final String END = "<!-- end of http -->";

  private HttpBenchmark() {}

  public static void run(Options options) throws IOException, SQLException {
    Wrk.require();
    try (Server server = server(options)) {
      long postmaster = postmaster(server);
      DatabaseAddress database = TaskTables.taskport(server, options.rows(), options.users());
      List<Contender> contenders = new ArrayList<>();
      try {
        contenders.add(Contender.taskport("Taskport", database));
        if (options.tokens()) {
          contenders.add(
              Contender.taskport(
                  "Taskport, with tokens",
                  database,
                  Tokens.write(options.users()),
                  Map.of("JWT_SECRET", Tokens.SECRET)));
        }
        Pgbench floor = null;
        if (options.peers()) {
          String vertx = TaskTables.peers(server, "vertx", options.rows(), options.users());
          String spring = TaskTables.peers(server, "spring", options.rows(), options.users());
          contenders.add(Contender.peer("Vert.x", "vertx", server, vertx));
          contenders.add(Contender.peer("Spring Boot", "spring", server, spring));
          // With tokens there are connections for no more.
          floor = options.tokens() ? null : Pgbench.of(server, spring);
        }
        String table =
            table(server, options, measure(contenders, floor, options, postmaster), contenders);
        print(table);
        if (options.docs()) {
          write(table);
        }
      } finally {
        contenders.forEach(Contender::close);
      }
    }
  }

  static Server server(Options options) {
    Path folder = Path.of("tools/benchmark/target").toAbsolutePath();
    Path programs = options.postgres();
    return programs == null
        ? Server.open(options.databaseUrl(), folder.resolve("bench-data"))
        : Server.local(
            programs,
            folder.resolve(
                "postgres-"
                    + programs.toAbsolutePath().toString().replaceAll("[^A-Za-z0-9]+", "-")));
  }

  /** The server's first process, which must be on this machine. */
  static long postmaster(Server server) throws SQLException {
    // Of a backend of this very session: read while it lives.
    return server.ask(
        "SELECT pg_backend_pid()",
        pid -> {
          if (!Files.exists(Path.of("/proc/" + pid + "/stat"))) {
            throw new IllegalStateException(
                "PostgreSQL's CPU can't be counted: it must run on this machine, with Linux");
          }
          return Cpu.parent(Long.parseLong(pid));
        });
  }

  private static Map<Work, Map<String, Cost>> measure(
      List<Contender> contenders, @Nullable Pgbench floor, Options options, long postmaster)
      throws IOException {
    Map<Work, Map<String, Cost>> medians = new EnumMap<>(Work.class);
    for (Contender contender : contenders) {
      contender.warm(options);
    }
    for (Work work : options.works()) {
      Map<String, List<Cost>> costs = new HashMap<>();
      for (int round = 1; round <= options.rounds(); round++) {
        for (Contender contender : contenders) {
          costs
              .computeIfAbsent(contender.name(), name -> new ArrayList<>())
              .add(contender.measure(work, options, postmaster, round));
        }
        Cost cost = floor == null ? null : floor.measure(work, options, postmaster);
        if (cost != null) {
          costs.computeIfAbsent("pgbench", name -> new ArrayList<>()).add(cost);
        }
      }
      Map<String, Cost> row = new LinkedHashMap<>();
      costs.forEach((name, list) -> row.put(name, Cost.median(list)));
      medians.put(work, row);
    }
    return medians;
  }

  private static String table(
      Server server,
      Options options,
      Map<Work, Map<String, Cost>> medians,
      List<Contender> contenders)
      throws SQLException {
    StringBuilder text = new StringBuilder("| work |");
    List<String> names = new ArrayList<>(contenders.stream().map(Contender::name).toList());
    boolean floors = medians.values().stream().anyMatch(row -> row.containsKey("pgbench"));
    names.forEach(name -> text.append(" %s |".formatted(name)));
    text.append(floors ? " pgbench |\n" : "\n").append("|---|");
    text.append("---|".repeat(names.size() + (floors ? 1 : 0))).append('\n');
    medians.forEach(
        (work, row) -> {
          text.append("| %s |".formatted(work.title()));
          for (String name : names) {
            text.append(" %s |".formatted(Objects.requireNonNull(row.get(name))));
          }
          if (floors) {
            Cost floor = row.get("pgbench");
            text.append(
                floor == null
                    ? " |"
                    : " %,.0f/s; %.0f µs |".formatted(floor.rate(), floor.database()));
          }
          text.append('\n');
        });
    text.append("| resident |");
    contenders.forEach(
        contender -> text.append(" %.0f MB |".formatted(Cpu.residentMegabytes(contender.pid()))));
    text.append(floors ? " |\n\n" : "\n\n");
    text.append(
        """
        %s; fsync %s. JDK %s; %d processors, shared with the load: `wrk -t1 -c%d`. %,d rows of %,d
        users. Medians of %d rounds of %d s, in alternation. Then microseconds of CPU for each
        request: service + PostgreSQL.
        """
            .formatted(
                server.version(),
                server.text("SHOW fsync"),
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                options.connections(),
                options.rows(),
                options.users(),
                options.rounds(),
                options.seconds()));
    return text.toString();
  }

  /** Puts the table between its marks. */
  private static void write(String table) throws IOException {
    String text = Files.readString(DOCS);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalStateException("docs/performance.md lacks the marks of the table");
    }
    Files.writeString(
        DOCS,
        text.substring(0, begin + BEGIN.length()) + "\n\n" + table + "\n" + text.substring(end));
    Progress.say("the table is in %s", DOCS);
  }

  @SuppressWarnings("SystemOut") // a program for the terminal
  static void print(String text) {
    System.out.println(text);
  }
}
