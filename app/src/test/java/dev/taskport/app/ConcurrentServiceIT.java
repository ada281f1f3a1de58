package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two instances on one database, under requests that race each other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConcurrentServiceIT {
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<TaskportProcess> instances = new ArrayList<>();

  @BeforeAll
  void startTwoInstancesAtOnceOnAnEmptyDatabase(@TempDir Path data, @TempDir Path work) {
    EmbeddedPostgres postgres = EmbeddedPostgres.start(PreparedData.in(data));
    open.add(postgres);
    String url =
        postgres.jdbcUrl() + "&user=" + postgres.username() + "&password=" + postgres.password();
    for (int i = 0; i < 2; i++) {
      TaskportProcess instance = TaskportProcess.start(work, Map.of("DATABASE_URL", url));
      open.add(instance);
      instances.add(instance);
    }
    instances.forEach(TaskportProcess::awaitListening);
  }

  @AfterAll
  void stop() throws Exception {
    Collections.reverse(open);
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  @Test
  void twentyTogglesAtOnceLeaveTheTaskAsItWas() {
    for (int round = 0; round < 5; round++) {
      String task = create("toggler");

      List<HttpResponse<String>> answers = atOnce(20, "PATCH", task + "/complete");

      assertTrue(answers.stream().allMatch(answer -> answer.statusCode() == 200));
      HttpResponse<String> after = instances.get(0).send("GET", task, null);
      assertTrue(after.body().contains("\"completed\":false"), after.body());
      assertTrue(after.headers().firstValue("ETag").orElseThrow().endsWith("-21\""));
    }
  }

  @Test
  void ofTenDeletesAtOnceOneSucceeds() {
    for (int round = 0; round < 5; round++) {
      List<HttpResponse<String>> answers = atOnce(10, "DELETE", create("deleter"));

      assertEquals(
          List.of(200, 404, 404, 404, 404, 404, 404, 404, 404, 404),
          answers.stream().map(HttpResponse::statusCode).sorted().toList());
    }
  }

  @Test
  void aToggleThatRacesADeleteSucceedsOrFindsNothing() {
    for (int round = 0; round < 20; round++) {
      String task = create("racer");

      CompletableFuture<HttpResponse<String>> toggle =
          instances.get(0).sendAsync("PATCH", task + "/complete", null);
      CompletableFuture<HttpResponse<String>> delete =
          instances.get(1).sendAsync("DELETE", task, null);

      assertEquals(200, delete.join().statusCode());
      assertTrue(List.of(200, 404).contains(toggle.join().statusCode()));
      assertEquals(404, instances.get(0).send("GET", task, null).statusCode());
    }
  }

  @Test
  void ofManyWritersWithOneEtagOneWins() {
    String task = create("writer");
    String tag =
        instances.get(0).send("GET", task, null).headers().firstValue("ETag").orElseThrow();

    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      String body = "{\"title\":\"Writer " + i + "\"}";
      TaskportProcess instance = instances.get(i % 2);
      answers.add(
          CompletableFuture.supplyAsync(() -> instance.send("PUT", task, body, "If-Match", tag)));
    }

    List<HttpResponse<String>> done = answers.stream().map(CompletableFuture::join).toList();
    assertEquals(1, done.stream().filter(answer -> answer.statusCode() == 200).count());
    assertEquals(9, done.stream().filter(answer -> answer.statusCode() == 412).count());
    String winner =
        done.stream().filter(a -> a.statusCode() == 200).findFirst().orElseThrow().body();
    assertEquals(winner, instances.get(1).send("GET", task, null).body());
  }

  @Test
  void creationsWithOneKeyAtOnceMakeOneTask() {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      TaskportProcess instance = instances.get(i % 2);
      answers.add(
          CompletableFuture.supplyAsync(
              () ->
                  instance.send(
                      "POST",
                      "/api/retrier/tasks",
                      "{\"title\":\"Once\"}",
                      "Idempotency-Key",
                      "k")));
    }

    List<HttpResponse<String>> done = answers.stream().map(CompletableFuture::join).toList();
    assertTrue(done.stream().allMatch(answer -> answer.statusCode() == 201));
    assertEquals(1, done.stream().map(HttpResponse::body).distinct().count());
    assertEquals(
        "[" + done.get(0).body() + "]",
        instances.get(0).send("GET", "/api/retrier/tasks", null).body());
  }

  @Test
  void aClientWhoseConnectionsBreakMakesAsManyTasksAsItMeantTo() throws Exception {
    long seed = new Random().nextLong();
    long clients = 4;
    long intentions = 25;
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<?>> all = new ArrayList<>();
      for (long client = 0; client < clients; client++) {
        Random random = new Random(seed + client);
        String name = "client-" + client;
        all.add(
            threads.submit(
                () -> {
                  for (long i = 0; i < intentions; i++) {
                    createInSpiteOf(random, name + "-" + i);
                  }
                }));
      }
      for (Future<?> one : all) {
        one.get(2, TimeUnit.MINUTES);
      }
    } finally {
      threads.shutdownNow();
    }

    String tasks = instances.get(0).send("GET", "/api/unlucky/tasks", null).body();
    assertEquals(clients * intentions, ID.matcher(tasks).results().count(), "seed " + seed);
    assertEquals(
        clients * intentions,
        Pattern.compile("\"title\":\"(client-[0-9]+-[0-9]+)\"")
            .matcher(tasks)
            .results()
            .map(match -> match.group(1))
            .distinct()
            .count(),
        "seed " + seed);
  }

  /** Sends one creation again and again, to either instance, until it has read the answer. */
  private void createInSpiteOf(Random random, String intention) {
    String body = "{\"title\":\"" + intention + "\"}";
    byte[] request =
        ("POST /api/unlucky/tasks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nIdempotency-Key: "
                + intention
                + "\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body)
            .getBytes(StandardCharsets.US_ASCII);
    for (int attempt = 0; attempt < 50; attempt++) {
      URI uri = instances.get(random.nextInt(2)).awaitListening();
      try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
        socket.setSoTimeout(30_000);
        boolean cut = random.nextInt(3) > 0;
        // Cut in the middle of the request, or when the answer is on its way.
        int sent = cut && random.nextBoolean() ? random.nextInt(request.length) : request.length;
        socket.getOutputStream().write(request, 0, sent);
        socket.getOutputStream().flush();
        if (cut) {
          socket.setSoLinger(true, 0);
          continue;
        }
        String answer =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertTrue(answer.startsWith("HTTP/1.1 201 "), answer);
        return;
      } catch (IOException e) {
        // That is what this client is about: it tries again.
      }
    }
    throw new AssertionError("No answer for " + intention);
  }

  private String create(String user) {
    String body =
        instances.get(0).send("POST", "/api/" + user + "/tasks", "{\"title\":\"t\"}").body();
    Matcher matcher = ID.matcher(body);
    assertTrue(matcher.find(), body);
    return "/api/" + user + "/tasks/" + matcher.group(1);
  }

  private List<HttpResponse<String>> atOnce(int times, String method, String path) {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      answers.add(instances.get(i % 2).sendAsync(method, path, null));
    }
    return answers.stream().map(CompletableFuture::join).toList();
  }
}
