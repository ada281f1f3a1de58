package dev.taskport.app.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.app.TaskportProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two instances of the service on one PostgreSQL, under load, while servers, instances and
 * connections are killed, stopped, cut and stalled at random. Afterwards the history of every task
 * is linearizable, and the table holds what the books say: nothing is lost, nothing is there twice.
 *
 * <p>{@code -Dfaults.seconds=3600} makes it longer, {@code -Dfaults.seed=…} repeats the faults of
 * an earlier run.
 */
@Tag("full")
class FaultSuiteIT {
  private static final int CLIENTS = 6;
  private static final Duration ROUND = Duration.ofMillis(1_500);

  /** As long as the faults go on before the books are closed. */
  private static final Duration LONGEST_PHASE = Duration.ofSeconds(30);

  private static final String USER = "faults";

  /** With these, every operation waits for others, and runs by the statement of batches. */
  private static final String BATCHES_ALWAYS =
      "-Dtaskport.batches.width=0 -Dtaskport.batches.patience=5ms -Dtaskport.batches.of-one=true";

  private static final Pattern METRICS = Pattern.compile("Metrics are at (http://\\S+)");

  private static final Pattern STATEMENTS =
      Pattern.compile("taskport_store_batches_(count|bucket)\\{(?:(?!le=).)*(le=\"1.0\")?} (\\d+)");

  private @TempDir Path work;
  private PostgresServer postgres;
  private final List<Instance> instances = new ArrayList<>();
  private final Map<String, String> tags = new ConcurrentHashMap<>();
  private final Map<Fault, Integer> counts = new TreeMap<>();
  private long batches;

  /** What may happen. */
  private enum Fault {
    DATABASE_KILLED,
    DATABASE_STOPPED,
    DATABASE_SESSIONS_ENDED,
    DATABASE_REFUSED,
    DATABASE_CONNECTIONS_CUT,
    DATABASE_STALLED,
    INSTANCE_KILLED,
    INSTANCE_STOPPED,
    CLIENTS_CUT,
    CLIENTS_STALLED
  }

  /** An instance, between a proxy for its clients and one for its database. */
  private final class Instance implements AutoCloseable {
    private final Map<String, String> settings;
    final FaultyProxy toDatabase = FaultyProxy.open(postgres.port());
    final FaultyProxy fromClients = new FaultyProxy(0);
    final HttpDoor door = new HttpDoor(fromClients.port(), USER, tags);
    TaskportProcess process;

    Instance(Map<String, String> settings) {
      this.settings = settings;
      process = launch();
    }

    void open() {
      fromClients.target(process.awaitListening().getPort());
      fromClients.accept();
    }

    private TaskportProcess launch() {
      String url = "postgresql://taskport@127.0.0.1:" + toDatabase.port() + "/taskport";
      Map<String, String> variables = new HashMap<>(settings);
      variables.putAll(Map.of("DATABASE_URL", url, "LOG_LEVEL", "INFO", "MANAGEMENT_PORT", "0"));
      return TaskportProcess.start(work, variables);
    }

    /** Adds how many statements carried out more than one operation, since it was started. */
    void countBatches() throws IOException, InterruptedException {
      Matcher metrics = METRICS.matcher(process.output());
      assertTrue(metrics.find());
      String text =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(metrics.group(1))).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      Matcher statements = STATEMENTS.matcher(text);
      while (statements.find()) {
        long number = Long.parseLong(statements.group(3));
        if (statements.group(1).equals("count")) {
          batches += number;
        } else if (statements.group(2) != null) {
          batches -= number;
        }
      }
    }

    void kill() throws IOException, InterruptedException {
      countBatches();
      process.kill();
      fromClients.refuse();
      process = launch();
      open();
    }

    @Override
    public void close() {
      process.kill();
      fromClients.close();
      toDatabase.close();
    }
  }

  @BeforeEach
  void start(@TempDir Path data) throws Exception {
    postgres = new PostgresServer(data.resolve("server"));
    instances.add(new Instance(Map.of()));
    instances.add(new Instance(Map.of("JAVA_TOOL_OPTIONS", BATCHES_ALWAYS)));
    instances.forEach(Instance::open);
  }

  @AfterEach
  void stop() {
    instances.forEach(Instance::close);
    postgres.close();
  }

  @Test
  @SuppressWarnings("SystemOut") // the seed, to run it again with
  void whateverFailsNothingIsLostAndNothingIsThereTwice() throws Exception {
    long seed = Long.getLong("faults.seed", new Random().nextLong());
    long seconds = Long.getLong("faults.seconds", 30);
    System.out.println("-Dfaults.seed=" + seed + " -Dfaults.seconds=" + seconds);
    Random random = new Random(seed);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    long known = 0;
    long unknown = 0;
    for (int phase = 0; System.nanoTime() < end; phase++) {
      List<HttpDoor> doors = instances.stream().map(instance -> instance.door).toList();
      Load load = Load.start("phase" + phase, seed + phase, CLIENTS, doors, ROUND);
      long until = Math.min(end, System.nanoTime() + LONGEST_PHASE.toNanos());
      while (System.nanoTime() < until) {
        pause(100 + random.nextInt(900));
        strike(random);
      }
      List<Register> registers = load.settle();

      String again = "-Dfaults.seed=" + seed + ", phase " + phase;
      assertEquals(List.of(), Verdict.violations(registers), again);
      assertEquals(Verdict.tasks(registers), table("phase" + phase), again);
      known += Verdict.operations(registers, true);
      unknown += Verdict.operations(registers, false);
    }
    for (Instance instance : instances) {
      instance.countBatches();
      assertEquals(List.of(), List.copyOf(instance.door.surprises()), "-Dfaults.seed=" + seed);
      System.out.println(instance.door.statuses());
    }
    List<Duration> unavailable =
        instances.stream().flatMap(i -> i.door.unavailable().stream()).sorted().toList();
    assertTrue(batches > 0, "Batches did form");
    System.out.printf(
        "%d batches; %d operations with an answer, %d without; faults %s; %d times 503, the median after %s,"
            + " nine of ten after %s%n",
        batches,
        known,
        unknown,
        counts,
        unavailable.size(),
        quantile(unavailable, 0.5),
        quantile(unavailable, 0.9));
    assertTrue(known > 10 * seconds, known + " operations");
  }

  private static Object quantile(List<Duration> sorted, double part) {
    return sorted.isEmpty() ? "-" : sorted.get((int) (part * (sorted.size() - 1)));
  }

  /** The tasks that the table holds, by id. */
  private Map<String, Answer.Shown> table(String titles) throws SQLException {
    Map<String, Answer.Shown> tasks = new TreeMap<>();
    for (String row :
        postgres.query(
            "SELECT id, title, completed, version FROM tasks WHERE user_id = '%s' AND title LIKE '%s-%%'"
                .formatted(USER, titles))) {
      String[] columns = row.split("\\|", -1);
      tasks.put(
          columns[0],
          new Answer.Shown(columns[1], columns[2].equals("t"), Long.parseLong(columns[3])));
    }
    return tasks;
  }

  /** Lets something fail, and repairs it. */
  private void strike(Random random) throws Exception {
    Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
    Instance instance = instances.get(random.nextInt(instances.size()));
    int ms = 200 + random.nextInt(2_800);
    counts.merge(fault, 1, Integer::sum);
    switch (fault) {
      case DATABASE_KILLED -> {
        postgres.kill();
        pause(ms / 2);
        postgres.start();
      }
      case DATABASE_STOPPED -> {
        postgres.stop();
        pause(ms);
        postgres.resume();
      }
      case DATABASE_SESSIONS_ENDED ->
          postgres.query(
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                  + " WHERE application_name = 'taskport' AND random() < 0.5");
      case DATABASE_REFUSED -> {
        instance.toDatabase.refuse();
        pause(ms);
        instance.toDatabase.accept();
      }
      case DATABASE_CONNECTIONS_CUT -> instance.toDatabase.cutSome(random);
      case DATABASE_STALLED -> {
        instance.toDatabase.stall();
        pause(ms);
        if (random.nextBoolean()) {
          instance.toDatabase.cut();
        }
        instance.toDatabase.accept();
      }
      case INSTANCE_KILLED -> instance.kill();
      case INSTANCE_STOPPED -> {
        Signals.send("STOP", List.of(instance.process.handle()));
        pause(ms);
        Signals.send("CONT", List.of(instance.process.handle()));
      }
      case CLIENTS_CUT -> instance.fromClients.cutSome(random);
      case CLIENTS_STALLED -> {
        instance.fromClients.stall();
        pause(ms);
        if (random.nextBoolean()) {
          instance.fromClients.cut();
        }
        instance.fromClients.accept();
      }
    }
  }

  private static void pause(int ms) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ms));
  }
}
