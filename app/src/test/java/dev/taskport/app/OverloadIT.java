package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.adapter.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** More than the service can bear: what is refused, what is served, and what it takes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OverloadIT {
  private static final String TASKS = "/api/user123/tasks";
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
  private static final int SECONDS = Integer.getInteger("overload.seconds", 4);

  /** How long each change takes; with 0 the processors are the limit, not the database. */
  private static final int STATEMENT_MILLIS = Integer.getInteger("overload.millis", 20);

  private @TempDir Path folder;
  private EmbeddedPostgres postgres;

  @BeforeAll
  void startDatabase(@TempDir Path data) {
    postgres = EmbeddedPostgres.start(PreparedData.in(data));
  }

  @AfterAll
  void stopDatabase() {
    postgres.close();
  }

  private TaskportProcess running(String... settings) {
    Map<String, String> variables = new HashMap<>();
    variables.put(
        "DATABASE_URL",
        postgres.jdbcUrl() + "&user=" + postgres.username() + "&password=" + postgres.password());
    variables.put("LOG_LEVEL", "INFO");
    variables.put("ACCESS_LOG", "off");
    for (int i = 0; i < settings.length; i += 2) {
      variables.put(settings[i], settings[i + 1]);
    }
    return TaskportProcess.running(folder, variables);
  }

  private Connection connection() throws SQLException {
    return new DatabaseAddress(postgres.jdbcUrl(), postgres.username(), postgres.password())
        .dataSource()
        .getConnection();
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = connection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Tag("full")
  @Test
  void whenALockHoldsAllConnectionsWhatIsTooMuchIsRefusedAtOnceAndTheServiceIsHealthy()
      throws Exception {
    try (TaskportProcess service =
        running("DATABASE_POOL_SIZE", "10", "DATABASE_TIMEOUT_SECONDS", "60")) {
      assertEquals(200, service.send("GET", TASKS, null).statusCode());
      int threads = threads(service);
      List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
      try (Connection other = connection();
          Statement statement = other.createStatement()) {
        other.setAutoCommit(false);
        statement.execute("LOCK TABLE tasks");
        // While the lock is held, whoever has an answer was refused.
        while (sent.stream().noneMatch(CompletableFuture::isDone)) {
          assertTrue(sent.size() < 200, "None is refused");
          sent.add(service.sendAsync("GET", TASKS, null));
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        for (int i = 0; i < 20; i++) {
          HttpResponse<String> refused = service.send("GET", TASKS, null);
          assertEquals(503, refused.statusCode());
          assertEquals("2", refused.headers().firstValue("Retry-After").orElse("none"));
          assertTrue(refused.body().contains("The service is too busy"), refused.body());
        }
        assertEquals(200, service.send("GET", "/health", null).statusCode());
        assertEquals(200, service.send("GET", "/health/readiness", null).statusCode());
        // One for each request, and never more than sixteen for each connection.
        assertTrue(threads(service) <= threads + 160, threads(service) + " threads");
        other.rollback();
      }

      int served = 0;
      for (CompletableFuture<HttpResponse<String>> one : sent) {
        served += one.get(60, TimeUnit.SECONDS).statusCode() == 200 ? 1 : 0;
      }
      // Two for each connection and fifteen, and what came until it was clear that none gets done.
      assertTrue(served >= 35 && served <= 160, served + " of " + sent.size() + " were served");
      assertEquals(200, service.send("GET", TASKS, null).statusCode());
      awaitThreads(service, threads + 12);
      assertEquals(
          1,
          service.output().lines().filter(line -> line.contains(" WARN ")).count() - 1, // open mode
          service.output());
    }
  }

  /** More searches than a user may have, and at two connections than the service always accepts. */
  @Tag("full")
  @ParameterizedTest
  @CsvSource({"2, 30", "10, 30"})
  void oneUsersSearchesLeaveTheSummariesOfOthersTheirTurn(String poolSize, int atOnce)
      throws Exception {
    try (TaskportProcess service = running("DATABASE_POOL_SIZE", poolSize)) {
      execute(
          "ALTER TABLE tasks DISABLE TRIGGER USER;"
              + " INSERT INTO tasks (id, user_id, title, completed, created_at, updated_at)"
              + " SELECT gen_random_uuid(), 'searcher%s', 'title ' || n, false, now(), now()"
                  .formatted(poolSize)
              + " FROM generate_series(1, 200000) n;"
              + " ALTER TABLE tasks ENABLE TRIGGER USER");
      String search = "/api/searcher" + poolSize + "/tasks?limit=5&search=none";
      List<CompletableFuture<HttpResponse<String>>> searches = new ArrayList<>();
      int answered = 0;
      int refused = 0;
      for (int i = 0; i < 20; i++) {
        while (searches.size() < atOnce) {
          searches.add(service.sendAsync("GET", search, null));
        }
        HttpResponse<String> summary = service.send("GET", "/api/other/tasks/summary", null);
        assertEquals(200, summary.statusCode(), summary.body());
        assertEquals(200, service.send("GET", TASKS + "?limit=5", null).statusCode());
        for (CompletableFuture<HttpResponse<String>> one : searches) {
          if (one.isDone()) {
            answered += one.get().statusCode() == 200 ? 1 : 0;
            refused += one.get().statusCode() == 503 ? 1 : 0;
          }
        }
        searches.removeIf(CompletableFuture::isDone);
      }
      assertTrue(answered > 0 && refused > 0, answered + " answered, " + refused + " refused");
    }
  }

  /**
   * Prints how long requests take at half of what the service can bear and at three times that.
   * {@code -Doverload.seconds=20} is a measurement; {@code -Doverload.millis=0} one in which the
   * processors are the limit.
   */
  @Tag("full")
  @Test
  void atThreeTimesWhatItCanBearEveryRequestIsServedOrRefusedInWords() throws Exception {
    try (TaskportProcess service =
        running(
            "DATABASE_POOL_SIZE",
            "10",
            "DATABASE_BATCHES", // one statement for each change: each takes as long as the others
            "false",
            "JDK_JAVA_OPTIONS",
            "-Xmx256m")) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        Matcher id = ID.matcher(service.send("POST", TASKS, "{\"title\":\"t\"}").body());
        assertTrue(id.find());
        ids.add(id.group(1));
      }
      execute(
          "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
              + (" PERFORM pg_sleep(" + STATEMENT_MILLIS + " / 1000.0); RETURN new; END $$;")
              + " CREATE TRIGGER slow BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION slow()");
      URI uri = service.awaitListening();
      try (OpenLoop load =
          new OpenLoop(
              uri,
              number ->
                  "PATCH %s/%s/complete HTTP/1.1\r\nHost: localhost\r\n\r\n"
                      .formatted(TASKS, ids.get(number % ids.size())))) {
        for (int i = 0; i < 2; i++) { // the first also warms up
          load.atOnce(16, Duration.ofSeconds(SECONDS));
        }
        double capacity = load.atOnce(16, Duration.ofSeconds(SECONDS)).size() / (double) SECONDS;
        List<OpenLoop.Answer> normal = load.run(capacity / 2, Duration.ofSeconds(SECONDS));
        int threads = threads(service);
        tell(service, "half", capacity / 2, normal);
        List<OpenLoop.Answer> flood = load.run(3 * capacity, Duration.ofSeconds(SECONDS));
        tell(service, "three times", 3 * capacity, flood);

        assertTrue(flood.stream().anyMatch(answer -> answer.status() == 200));
        assertTrue(flood.stream().anyMatch(answer -> answer.status() == 503));
        for (OpenLoop.Answer answer : flood) {
          assertTrue(
              answer.status() == 200 || (answer.status() == 503 && answer.retryAfter()),
              answer.toString());
        }
        assertTrue(threads(service) <= threads + 40, threads(service) + " threads");
      }
    } finally {
      execute("DROP FUNCTION IF EXISTS slow CASCADE");
    }
  }

  @SuppressWarnings("SystemOut") // the measurement
  private static void tell(
      TaskportProcess service, String what, double rate, List<OpenLoop.Answer> answers)
      throws IOException {
    System.out.printf(
        "%s of the capacity, %.0f requests/s: served %s; refused %s; %d threads, %s%n",
        what,
        rate,
        times(answers, 200),
        times(answers, 503),
        threads(service),
        status(service, "VmRSS:"));
  }

  private static String times(List<OpenLoop.Answer> answers, int status) {
    long[] nanos =
        answers.stream()
            .filter(answer -> answer.status() == status)
            .mapToLong(OpenLoop.Answer::nanos)
            .sorted()
            .toArray();
    return nanos.length == 0
        ? "0"
        : "%d, median %.1f ms, p99 %.1f ms"
            .formatted(
                nanos.length, nanos[nanos.length / 2] / 1e6, nanos[nanos.length * 99 / 100] / 1e6);
  }

  private static int threads(TaskportProcess service) throws IOException {
    return Integer.parseInt(status(service, "Threads:"));
  }

  private static String status(TaskportProcess service, String field) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + service.handle().pid() + "/status")).stream()
        .filter(line -> line.startsWith(field))
        .map(line -> line.substring(field.length()).strip())
        .findFirst()
        .orElseThrow();
  }

  private static void awaitThreads(TaskportProcess service, int most) throws IOException {
    // Before JDK 21 a thread ends after a minute without work.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (threads(service) > most) {
      assertTrue(System.nanoTime() < deadline, threads(service) + " threads are kept");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }
}
