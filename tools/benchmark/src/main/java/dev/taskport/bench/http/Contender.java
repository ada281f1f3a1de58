package dev.taskport.bench.http;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.bench.server.Progress;
import dev.taskport.bench.server.Server;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A running service that is measured. */
final class Contender implements AutoCloseable {
  private static final long SECONDS_TO_START = 120;
  private static final String LIVENESS = "/health/liveness";

  /** The seed of rows that no measured turn asks for in the same order. */
  private static final long UNMEASURED = 0;

  private static final int WARM_SECONDS = 5;
  private static final int MOST_WARM_PASSES = 5;

  /** Of one processor: what the compilers of a warm service take at most. */
  private static final double WARM_SHARE = 0.03;

  /**
   * Unmeasured, at the beginning of each turn: each contender finds the caches of PostgreSQL full
   * of another one's table.
   */
  private static final int TURN_BEGINS_SECONDS = 3;

  /** The option of {@code JAVA_OPTS} by which a start neither uses nor makes an AOT cache. */
  static final String WITHOUT_CACHE = Runtime.version().feature() >= 25 ? "-XX:AOTMode=off" : "";

  private static final List<String> LAUNCHER =
      List.of(Path.of("taskport").toAbsolutePath().toString());
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  private final String name;
  private final String bare;
  private final @Nullable Path tokens;
  private final Process process;
  private final int port;

  private Contender(String name, String bare, @Nullable Path tokens, Process process, int port) {
    this.name = name;
    this.bare = bare;
    this.tokens = tokens;
    this.process = process;
    this.port = port;
  }

  /** Taskport as its launcher starts it, with all that is on by default, and metrics. */
  static Contender taskport(String name, DatabaseAddress database) throws IOException {
    return taskport(name, database, null, Map.of());
  }

  /**
   * The same with further variables.
   *
   * @param tokens a token for each user, one a line; null for none
   */
  static Contender taskport(
      String name, DatabaseAddress database, @Nullable Path tokens, Map<String, String> more)
      throws IOException {
    Map<String, String> variables = new HashMap<>(variables(database));
    variables.put("MANAGEMENT_PORT", "0");
    variables.put("JAVA_OPTS", WITHOUT_CACHE); // whose training would disturb
    variables.putAll(more);
    Contender started = start(name, LIVENESS, tokens, LAUNCHER, variables);
    started.awaitAnswer(LIVENESS);
    return started;
  }

  /** Taskport with these variables only; it may not answer yet. */
  static Contender starting(String name, Map<String, String> variables) throws IOException {
    return start(name, LIVENESS, null, LAUNCHER, variables);
  }

  /** A peer of this name, from {@code tools/benchmark/peers}. */
  static Contender peer(String title, String name, Server server, String schema)
      throws IOException, SQLException {
    DatabaseAddress database = server.address();
    Map<String, String> variables = new HashMap<>();
    variables.put("DATABASE_HOST", host(server));
    variables.put("DATABASE_PORT", server.text("SELECT current_setting('port')"));
    variables.put("DATABASE_NAME", server.text("SELECT current_database()"));
    variables.put("DATABASE_USER", server.text("SELECT current_user"));
    variables.put("DATABASE_PASSWORD", Objects.requireNonNullElse(database.password(), ""));
    variables.put("DATABASE_SCHEMA", schema);
    Path jar = Path.of("tools/benchmark/peers", name, "target", name + "-peer.jar");
    Contender started =
        start(
            title,
            "/bare",
            null,
            List.of(JAVA.toString(), "-jar", jar.toAbsolutePath().toString()),
            variables);
    started.awaitAnswer("/bare");
    return started;
  }

  static String host(Server server) throws SQLException {
    return server.text("SELECT host(inet_server_addr())");
  }

  /** The variables by which Taskport finds the database. */
  static Map<String, String> variables(DatabaseAddress database) {
    String url = database.jdbcUrl();
    if (database.username() != null) {
      url = Server.with("user=" + database.username(), database).jdbcUrl();
    }
    return Map.of(
        "DATABASE_URL",
        database.password() == null ? url : url + "&password=" + database.password());
  }

  private static Contender start(
      String name,
      String bare,
      @Nullable Path tokens,
      List<String> command,
      Map<String, String> variables)
      throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path folder = Files.createDirectories(Path.of("tools/benchmark/target/run").toAbsolutePath());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile()) // where there is no .env
            .redirectErrorStream(true)
            .redirectOutput(
                folder.resolve(name.replaceAll("[^A-Za-z0-9]+", "-") + ".log").toFile());
    builder.environment().keySet().removeIf(variable -> variable.startsWith("DATABASE_"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("HOST", "127.0.0.1");
    builder.environment().put("PORT", String.valueOf(port));
    builder.environment().putAll(variables);
    return new Contender(name, bare, tokens, Children.start(builder), port);
  }

  /** Waits until a GET of the path is a 200. */
  void awaitAnswer(String path) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_START);
    while (status(path) != 200) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        close();
        throw new IllegalStateException(
            name + " does not start: see its log in tools/benchmark/target/run");
      }
      LockSupport.parkNanos(MILLISECONDS.toNanos(2));
    }
  }

  private int status(String path) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(url() + path).toURL().openConnection();
    try {
      return connection.getResponseCode();
    } catch (IOException e) {
      return 0; // not yet
    } finally {
      connection.disconnect();
    }
  }

  String name() {
    return name;
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  long pid() {
    return process.pid();
  }

  /** The script for the load generator. */
  String script(Work work, Options options, long seed) {
    return work.script(
        options.rows(), options.users(), bare, seed, tokens == null ? null : tokens.toString());
  }

  /** Puts the work on it, unmeasured. */
  void load(Work work, Options options, int seconds) throws IOException {
    Wrk.run(url(), script(work, options, UNMEASURED), options.connections(), seconds, false);
  }

  /** Puts all works on it until its compilers have little left to do. */
  void warm(Options options) throws IOException {
    double share = 1;
    for (int pass = 1; share > WARM_SHARE && pass <= MOST_WARM_PASSES; pass++) {
      double before = Cpu.ofCompilers(pid());
      for (Work work : options.works()) {
        load(work, options, WARM_SECONDS);
      }
      double compilers = Cpu.ofCompilers(pid()) - before;
      share = compilers / 1e6 / (WARM_SECONDS * options.works().size());
      Progress.say("warming %s: its compilers took %.0f %%", name, 100 * share);
    }
  }

  /** A turn under load: puts the work on it, and counts what this costs. */
  Cost measure(Work work, Options options, long postmaster, long seed) throws IOException {
    load(work, options, TURN_BEGINS_SECONDS);
    double service = Cpu.ofProcess(pid());
    double database = Cpu.ofTree(postmaster);
    Wrk.Result result =
        Wrk.run(url(), script(work, options, seed), options.connections(), options.seconds(), true);
    Cost cost =
        new Cost(
            result.rate(),
            result.p99(),
            (Cpu.ofProcess(pid()) - service) / result.requests(),
            (Cpu.ofTree(postmaster) - database) / result.requests());
    Progress.say("%-12s %-22s %s", work.title(), name, cost);
    return cost;
  }

  @Override
  public void close() {
    Children.end(process);
  }
}
