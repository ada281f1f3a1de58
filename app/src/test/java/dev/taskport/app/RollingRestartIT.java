package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.adapter.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two instances on one PostgreSQL are stopped and started in turn, under load: each request has one
 * answer of success, and the table holds what the answers said. {@code -Drestarts.requests=50000}
 * makes it longer.
 */
@Tag("full")
class RollingRestartIT {
  private static final Path OPERATIONS = Path.of("..", "docs", "operations.md");
  private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");
  private static final String DRAIN_DELAY = "`DRAIN_DELAY_SECONDS=(\\d+)`";

  /** The drain delay, in seconds, where clients choose the instance. */
  private static final String FOR_CLIENTS = "2";

  private static final int CLIENTS = 6;
  private static final int REQUESTS = Integer.getInteger("restarts.requests", 5_000);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
  private static final int DEADLINE_SECONDS = 180;
  private static final Pattern TASK =
      Pattern.compile("\"id\":\"([^\"]+)\".*\"completed\":(true|false)");

  private final List<URI> uris = new ArrayList<>();
  private final List<TaskportProcess> instances = new ArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger restarts = new AtomicInteger();
  private volatile boolean over;

  private @TempDir Path folder;
  private EmbeddedPostgres postgres;

  @BeforeEach
  void startDatabase(@TempDir Path data) {
    postgres = EmbeddedPostgres.start(data.resolve("data"));
  }

  @AfterEach
  void stop() {
    instances.forEach(TaskportProcess::close);
    postgres.close();
  }

  @Test
  void behindHaproxyAsDocumentedNoRequestIsLost() throws Exception {
    String page = Files.readString(OPERATIONS);
    startInstances(only(page, DRAIN_DELAY));
    int port = freePort();
    int statistics = freePort();
    String config =
        only(page, "(?ms)^```haproxy\\n(.*?)^```$")
            .replace("bind :80\n", "bind 127.0.0.1:" + port + "\n")
            .replace("10.0.0.1:8000", uris.get(0).getAuthority())
            .replace("10.0.0.2:8000", uris.get(1).getAuthority());
    assertTrue(config.contains(":" + port) && !config.contains("10.0.0"), config);
    Path file = folder.resolve("haproxy.cfg");
    Files.writeString(
        file,
        config
            + "\nfrontend statistics\n  bind 127.0.0.1:"
            + statistics
            + "\n  stats enable\n  stats uri /\n");
    Path log = folder.resolve("haproxy.log");
    Process haproxy =
        new ProcessBuilder(HAPROXY.toString(), "-db", "-f", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      URI uri = URI.create("http://127.0.0.1:" + port);
      URI servers = URI.create("http://127.0.0.1:" + statistics + "/;csv");
      losesNothing(List.of(uri), () -> awaitBothUp(servers));
    } finally {
      haproxy.destroy();
      assertTrue(haproxy.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS), Files.readString(log));
    }
  }

  @Test
  void clientsThatTryTheOtherInstanceWhenOneRefusesLoseNoRequestWithoutAProxy() throws Exception {
    startInstances(FOR_CLIENTS);
    losesNothing(uris, () -> {});
  }

  private static String only(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertTrue(matcher.find(), pattern + " is not in " + OPERATIONS);
    return matcher.group(1);
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private void startInstances(String drainDelay) throws IOException {
    for (int i = 0; i < 2; i++) {
      uris.add(URI.create("http://127.0.0.1:" + freePort()));
      instances.add(start(i, drainDelay));
    }
    instances.forEach(TaskportProcess::awaitListening);
  }

  private TaskportProcess start(int instance, String drainDelay) {
    String url =
        postgres.jdbcUrl() + "&user=" + postgres.username() + "&password=" + postgres.password();
    return TaskportProcess.start(
        folder,
        Map.of(
            "DATABASE_URL",
            url,
            "PORT",
            String.valueOf(uris.get(instance).getPort()),
            "DRAIN_DELAY_SECONDS",
            drainDelay,
            "DATABASE_TIMEOUT_SECONDS",
            "60", // a slow machine is no subject here
            "LOG_LEVEL",
            "INFO",
            "ACCESS_LOG",
            "off"));
  }

  /** Until there were enough requests, and each instance was restarted twice. */
  private void losesNothing(List<URI> targets, Waiting bothServe) throws Exception {
    String drainDelay = drainDelay(targets);
    bothServe.await();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Client> clients = new ArrayList<>();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Client client = new Client("client" + i, targets, i);
        clients.add(client);
        running.add(threads.submit(client::run));
      }
      Follower follower = new Follower("client0", targets);
      threads.execute(follower::run);

      for (int i = 0; restarts.get() < 4 || requests.get() < REQUESTS; i = 1 - i) {
        instances.get(i).terminate();
        assertEquals(143, instances.get(i).awaitEnd());
        instances.set(i, start(i, drainDelay));
        instances.get(i).awaitListening();
        bothServe.await();
        restarts.incrementAndGet();
      }
      over = true;

      for (Future<?> one : running) {
        one.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
      }
      tell(clients, follower);
      for (Client client : clients) {
        assertEquals(List.of(), client.surprises, client.user);
        assertEquals(client.expected(), stored(client.user), client.user);
      }
      follower.awaitCopy(clients.get(0));
    } finally {
      over = true;
      threads.shutdownNow();
    }
  }

  private String drainDelay(List<URI> targets) throws IOException {
    return targets.size() > 1 ? FOR_CLIENTS : only(Files.readString(OPERATIONS), DRAIN_DELAY);
  }

  @SuppressWarnings("SystemOut")
  private void tell(List<Client> clients, Follower follower) {
    System.out.printf(
        "%d requests, %d restarts; %d connections were closed in order, %d streams%n",
        requests.get(),
        restarts.get(),
        clients.stream().mapToInt(client -> client.connections).sum(),
        follower.streams.get());
  }

  private interface Waiting {
    void await() throws Exception;
  }

  private static void awaitBothUp(URI statistics) throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    String csv = "";
    while (System.nanoTime() < deadline) {
      try {
        csv =
            client
                .send(
                    HttpRequest.newBuilder(statistics).build(),
                    HttpResponse.BodyHandlers.ofString())
                .body();
        if (csv.lines().filter(line -> line.matches("taskport,(a|b),.*,UP,.*")).count() == 2) {
          return;
        }
      } catch (ConnectException e) {
        // It has only just been started.
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    throw new AssertionError("HAProxy does not use both instances: " + csv);
  }

  /** The state of each task: whether it is completed, and its version. */
  private Map<String, String> stored(String user) throws SQLException {
    DatabaseAddress address =
        new DatabaseAddress(postgres.jdbcUrl(), postgres.username(), postgres.password());
    Map<String, String> tasks = new TreeMap<>();
    try (Connection connection = address.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT id, completed, version FROM tasks WHERE user_id = '" + user + "'")) {
      while (rows.next()) {
        tasks.put(rows.getString(1), rows.getBoolean(2) + " " + rows.getLong(3));
      }
    }
    return tasks;
  }

  /** A client that keeps its connection, and the books of its own tasks. */
  private final class Client {
    private final String user;
    private final List<URI> targets;
    private final Random random;
    private final List<String> ids = new ArrayList<>();
    private final Map<String, Integer> toggles = new HashMap<>();
    private final List<String> surprises = new ArrayList<>();
    private int connections;

    Client(String user, List<URI> targets, int seed) {
      this.user = user;
      this.targets = targets;
      this.random = new Random(seed);
    }

    Map<String, String> expected() {
      Map<String, String> tasks = new TreeMap<>();
      toggles.forEach((id, times) -> tasks.put(id, (times % 2 == 1) + " " + (times + 1)));
      return tasks;
    }

    void run() {
      while (!over && surprises.isEmpty()) {
        try (KeptConnection connection = connect()) {
          connections++;
          while (!over && !connection.isLast() && !connection.isStale() && surprises.isEmpty()) {
            next(connection);
            LockSupport.parkNanos(PAUSE_NANOS);
          }
        } catch (IOException e) {
          surprises.add(e.toString());
        }
      }
    }

    /** A refused connection has carried no request: the next instance is tried. */
    private KeptConnection connect() throws IOException {
      IOException refused = new IOException("Nothing was tried");
      for (int i = 0; i < 2 * targets.size(); i++) {
        try {
          return new KeptConnection(targets.get((connections + i) % targets.size()));
        } catch (ConnectException e) {
          refused = e;
        }
      }
      throw refused;
    }

    private void next(KeptConnection connection) {
      String tasks = "/api/" + user + "/tasks";
      if (ids.size() < 5 || random.nextInt(10) == 0) {
        String key = user + "-" + requests.get() + "-" + random.nextLong();
        KeptConnection.Answer answer =
            connection.send("POST", tasks, "{\"title\":\"t\"}", "Idempotency-Key", key);
        Matcher task = TASK.matcher(answer.body());
        if (check("POST", answer, 201) && task.find()) {
          ids.add(task.group(1));
          toggles.put(task.group(1), 0);
        }
        return;
      }
      String id = ids.get(random.nextInt(ids.size()));
      if (random.nextInt(3) == 0) {
        KeptConnection.Answer answer =
            connection.send("PATCH", tasks + "/" + id + "/complete", null);
        if (check("PATCH", answer, 200)) {
          toggles.merge(id, 1, Integer::sum);
        }
        return;
      }
      KeptConnection.Answer answer = connection.send("GET", tasks + "/" + id, null);
      Matcher task = TASK.matcher(answer.body());
      if (check("GET", answer, 200)
          && !(task.find() && task.group(2).equals("" + (toggles.getOrDefault(id, 0) % 2 == 1)))) {
        surprises.add("GET does not show the changes: " + answer);
      }
    }

    private boolean check(String request, KeptConnection.Answer answer, int expected) {
      requests.incrementAndGet();
      if (answer.status() != expected) {
        surprises.add(request + " during restart " + (restarts.get() + 1) + ": " + answer);
      }
      return answer.status() == expected;
    }
  }

  /** A client that keeps a copy of a user's tasks by a stream, which it resumes when it ends. */
  private static final class Follower {
    private final String path;
    private final List<URI> targets;
    private final Map<String, Boolean> copy = new HashMap<>();
    private volatile @Nullable String lastId;
    private final AtomicInteger streams = new AtomicInteger();

    Follower(String user, List<URI> targets) {
      this.path = "/api/" + user + "/tasks/events";
      this.targets = targets;
    }

    void run() {
      HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
        HttpRequest.Builder request =
            HttpRequest.newBuilder(targets.get(i % targets.size()).resolve(path));
        String resume = lastId;
        if (resume != null) {
          request.header("Last-Event-ID", resume);
        }
        try {
          follow(client.send(request.build(), HttpResponse.BodyHandlers.ofLines()));
        } catch (IOException | UncheckedIOException e) {
          LockSupport.parkNanos(PAUSE_NANOS); // refused, or cut off
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    private void follow(HttpResponse<Stream<String>> answer) {
      streams.incrementAndGet();
      StringBuilder id = new StringBuilder();
      try (Stream<String> lines = answer.body()) {
        lines.forEach(
            line -> {
              if (line.equals("event: reset")) {
                reset();
              } else if (line.startsWith("id: ")) {
                id.replace(0, id.length(), line.substring(4));
              } else if (line.startsWith("data: ")) {
                take(id.toString(), line);
              }
            });
      }
    }

    private synchronized void reset() {
      copy.clear();
    }

    private synchronized void take(String id, String line) {
      Matcher task = TASK.matcher(line);
      if (task.find()) {
        copy.put(task.group(1), Boolean.valueOf(task.group(2)));
        lastId = id;
      }
    }

    void awaitCopy(Client client) {
      Map<String, Boolean> expected = new HashMap<>();
      client.toggles.forEach((id, times) -> expected.put(id, times % 2 == 1));
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
      while (!isCopyOf(expected)) {
        assertTrue(System.nanoTime() < deadline, "The stream is not complete");
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }

    private synchronized boolean isCopyOf(Map<String, Boolean> expected) {
      return copy.equals(expected);
    }
  }
}
