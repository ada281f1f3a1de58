package dev.taskport.bench.http;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.bench.server.Progress;
import dev.taskport.bench.server.Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's own load generator with one prepared statement on a peer's table: what the database
 * costs, whoever asks it.
 */
final class Pgbench {
  private static final int CONNECTIONS = 8;

  /** In which the server notices that a backend has ended, and has its time counted. */
  private static final long NANOS_TO_COUNT = 500_000_000;

  private static final Pattern COUNT =
      Pattern.compile("number of transactions actually processed: (\\d+)");
  private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+) \\(without");

  private final Map<String, String> variables;

  private Pgbench(Map<String, String> variables) {
    this.variables = variables;
  }

  /** Null if it isn't installed. */
  static @Nullable Pgbench of(Server server, String schema) throws SQLException {
    try {
      Children.end(
          Children.start(
              new ProcessBuilder("pgbench", "--version")
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)));
    } catch (IOException e) {
      Progress.say("pgbench is not installed: no floors of the database");
      return null;
    }
    DatabaseAddress address = server.address();
    return new Pgbench(
        Map.of(
            "PGHOST", Contender.host(server),
            "PGPORT", server.text("SELECT current_setting('port')"),
            "PGDATABASE", server.text("SELECT current_database()"),
            "PGUSER", server.text("SELECT current_user"),
            "PGPASSWORD", Objects.requireNonNullElse(address.password(), ""),
            "PGOPTIONS", "-c search_path=" + schema));
  }

  /** Null if the work isn't one statement. */
  @Nullable Cost measure(Work work, Options options, long postmaster) throws IOException {
    String script = work.pgbench(options.rows(), options.users());
    if (script == null) {
      return null;
    }
    Path file = Files.createTempFile("benchmark", ".sql");
    try {
      Files.writeString(file, script);
      ProcessBuilder builder =
          new ProcessBuilder(
                  List.of(
                      "pgbench",
                      "--no-vacuum",
                      "--protocol=prepared",
                      "--client=" + CONNECTIONS,
                      "--time=" + options.seconds(),
                      "--file=" + file))
              .redirectErrorStream(true);
      builder.environment().putAll(variables);
      double before = Cpu.ofTree(postmaster);
      Process process = Children.start(builder);
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Children.end(process);
      LockSupport.parkNanos(NANOS_TO_COUNT); // its backends end with it
      double used = Cpu.ofTree(postmaster) - before;
      Matcher count = COUNT.matcher(output);
      Matcher rate = RATE.matcher(output);
      if (!count.find() || !rate.find()) {
        throw new IllegalStateException("pgbench failed: " + output);
      }
      Cost cost =
          new Cost(
              Double.parseDouble(rate.group(1)),
              Double.NaN,
              Double.NaN,
              used / Long.parseLong(count.group(1)));
      Progress.say(
          "%-12s %-22s %,.0f/s, %.0f µs", work.title(), "pgbench", cost.rate(), cost.database());
      return cost;
    } finally {
      Files.delete(file);
    }
  }
}
