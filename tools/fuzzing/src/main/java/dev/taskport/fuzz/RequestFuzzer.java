package dev.taskport.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.taskport.fuzz.ApiDescription.Operation;
import dev.taskport.fuzz.KnownTasks.Known;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sends generated requests to a running service, and checks each answer: it is as the OpenAPI
 * document describes it, nothing fails (a 503 excepted), what is right succeeds, what is wrong is
 * refused and changes nothing, and what was written reads back as sent.
 *
 * <p>Requests come in rounds of twenty. A round has a user of its own, and depends on nothing but
 * the seed and its number, so that it can be repeated alone. Not thread-safe.
 */
public final class RequestFuzzer {
  /** The number of requests that build on each other. */
  public static final int ROUND = 20;

  private static final String[] USERS = {"user", "a b", "ü/%😀", "x+y;z=1", ".", "用户|[]", "q?#&"};

  private final URI service;
  private final long seed;
  private final @Nullable UnaryOperator<String> tokens;
  private final ApiDescription description;
  private final List<Operation> operations;
  private final Map<String, Integer> statuses = new TreeMap<>();

  /**
   * @param service where the service listens, by plain HTTP
   * @param document the service's OpenAPI document
   * @param tokens makes a bearer token for a user; null without authentication
   */
  public RequestFuzzer(
      URI service, String document, long seed, @Nullable UnaryOperator<String> tokens) {
    this.service = service;
    this.seed = seed;
    this.tokens = tokens;
    this.description = new ApiDescription(document);
    this.operations = description.operations();
  }

  /**
   * Sends the requests from one number to another, which is excluded.
   *
   * @throws AssertionError for the first answer that isn't right; it tells the request, and how to
   *     repeat it
   */
  public void run(long from, long to) {
    for (long round = from / ROUND; round * ROUND < to; round++) {
      try (HttpConnection connection = new HttpConnection(service)) {
        new Round(round, connection).run();
      } catch (IOException e) {
        throw new AssertionError("A connection can't be closed", e);
      }
    }
  }

  /** How many answers there were, by operation and status. */
  public Map<String, Integer> statuses() {
    return statuses;
  }

  private final class Round {
    private final long number;
    private final HttpConnection connection;
    private final String user;
    private final KnownTasks tasks = new KnownTasks();
    private final RequestGenerator generator;
    private String story = "";
    private String before = "";

    Round(long number, HttpConnection connection) {
      SplittableRandom random =
          new SplittableRandom(new SplittableRandom(seed).nextLong() + number);
      this.number = number;
      this.connection = connection;
      String name = tokens == null ? USERS[random.nextInt(USERS.length)] : USERS[0];
      user = name + '-' + Long.toString(seed, 36) + '-' + number;
      generator =
          new RequestGenerator(
              description,
              random,
              tasks,
              user,
              service.getHost() + ":" + service.getPort(),
              tokens);
    }

    void run() {
      for (int i = 0; i < ROUND; i++) {
        long request = number * ROUND + i;
        before = story;
        story = "request " + request;
        try {
          check(generator.next(operations));
        } catch (AssertionError | IOException | RuntimeException e) {
          throw failure(request, e);
        }
      }
      try {
        story = "the tasks after the round";
        checkAll();
      } catch (AssertionError | IOException | RuntimeException e) {
        throw failure(number * ROUND + ROUND - 1, e);
      }
    }

    private AssertionError failure(long request, Throwable e) {
      return new AssertionError(
          "Repeat it with -Dfuzz.seed=%d -Dfuzz.request=%d%nAfter %s%n%s%n%s: %s"
              .formatted(
                  seed, request, before, story, e.getClass().getSimpleName(), e.getMessage()),
          e);
    }

    private void check(FuzzedRequest request) throws IOException {
      story += "\n" + Shown.of(request.text());
      Answer answer = exchange(request);
      assertFate(request, answer);
      if (!request.own() || !answer.isSuccess() || request.isHead()) {
        return;
      }
      String path = request.operation().path();
      switch (request.operation().method()) {
        case "GET" -> read(request, answer);
        case "POST" -> {
          if (path.endsWith("/restore")) {
            restored(request, answer);
          } else {
            created(request, answer);
          }
        }
        case "PUT" -> {
          if (request.creates()) {
            created(request, answer);
          } else {
            changed(request, answer);
          }
        }
        case "PATCH" -> changed(request, answer);
        case "DELETE" -> deleted(request);
        default -> throw new AssertionError("A method that is not known here: " + request.method());
      }
    }

    private Answer exchange(FuzzedRequest request) throws IOException {
      Answer answer = connection.exchange(request.text(), request.isHead());
      story += "\n-> " + answer.status() + ' ' + Shown.of(answer.body());
      statuses.merge(request.operation().id() + ' ' + answer.status(), 1, Integer::sum);
      String faults = description.faults(request.operation(), answer, request.isHead());
      if (!faults.isEmpty()) {
        throw new AssertionError("The answer is not as described: " + faults);
      }
      if (answer.status() >= 500 && answer.status() != 503) {
        throw new AssertionError("The service fails");
      }
      String id = request.header("X-Request-ID");
      boolean read = answer.status() != 414 && answer.status() != 431; // or no header is known
      if (read && id != null && id.startsWith("fuzz-")) {
        assertEqual("X-Request-ID", id, answer.header("X-Request-ID").orElse(""));
      }
      if (answer.isSuccess()
          && request.operation().id().startsWith("listTasks")
          && "count=exact".equals(request.header("Prefer"))) {
        assertEqual(
            "Preference-Applied", "count=exact", answer.header("Preference-Applied").orElse(""));
      }
      return answer;
    }

    private void assertFate(FuzzedRequest request, Answer answer) {
      boolean done = answer.isSuccess() || answer.status() == 304;
      if (request.fate() == Fate.ACCEPTED && !done && answer.status() != 503) {
        throw new AssertionError("Nothing is wrong with the request, but it is refused");
      }
      if (request.fate() == Fate.REFUSED && done) {
        throw new AssertionError("The request is wrong, but it is accepted");
      }
    }

    private Answer get(String suffix, @Nullable String task) throws IOException {
      Operation operation =
          operations.stream()
              .filter(
                  o -> o.method().equals("GET") && o.path().equals("/api/{user_id}/tasks" + suffix))
              .findFirst()
              .orElseThrow();
      FuzzedRequest request = generator.plain(operation, task);
      story += "\nthen GET " + request.target();
      return exchange(request);
    }

    private void created(FuzzedRequest request, Answer answer) throws IOException {
      JsonNode task = ApiDescription.parse(answer.body());
      String id = task.path("id").asText();
      if (answer.header("Idempotency-Replayed").isPresent()) {
        return; // checked when it was created
      }
      assertEqual("the status", 201, answer.status());
      if (request.creates() && request.taskId() != null) {
        assertEqual("the id", request.taskId(), id);
      }
      if (tasks.alive.containsKey(id)) {
        throw new AssertionError("A task was created under the id of another one");
      }
      Map<String, JsonNode> expected = new HashMap<>(BodyGenerator.defaults());
      if (request.content() != null) {
        expected.putAll(request.content());
      }
      assertContent(expected, task);
      assertEqual("updated_at", task.path("created_at"), task.path("updated_at"));
      assertReadsBack(id, answer);
      String location = answer.header("Location").orElse("");
      if (!location.endsWith("/tasks/" + id)) {
        throw new AssertionError("Location leads elsewhere: " + location);
      }
    }

    private void changed(FuzzedRequest request, Answer answer) throws IOException {
      String id = String.valueOf(request.taskId());
      Known before = tasks.alive.get(id);
      if (before == null) {
        throw new AssertionError("A task that is not there was changed");
      }
      JsonNode task = ApiDescription.parse(answer.body());
      Map<String, JsonNode> expected = ApiDescription.fields(before.json());
      expected.remove("updated_at");
      if (request.content() != null) {
        expected.putAll(request.content());
        if (request.operation().path().endsWith("/complete") && request.content().isEmpty()) {
          expected.put(
              "completed",
              before.json().path("completed").asBoolean() ? BooleanNode.FALSE : BooleanNode.TRUE);
        }
      }
      assertContent(expected, task);
      assertReadsBack(id, answer);
    }

    private void deleted(FuzzedRequest request) throws IOException {
      String id = String.valueOf(request.taskId());
      boolean permanently = request.target().contains("permanently=true");
      Known before = tasks.alive.remove(id);
      if (before == null && !(permanently && tasks.deleted.containsKey(id))) {
        throw new AssertionError("A task that is not there was deleted");
      }
      if (permanently) {
        tasks.deleted.remove(id);
      } else if (before != null) {
        tasks.deleted.put(id, before.json());
      }
      assertEqual("the status of the deleted task", 404, get("/{task_id}", id).status());
    }

    private void restored(FuzzedRequest request, Answer answer) throws IOException {
      String id = String.valueOf(request.taskId());
      JsonNode before = tasks.deleted.get(id);
      if (before == null) {
        throw new AssertionError("A task that can't be restored was restored");
      }
      Map<String, JsonNode> expected = ApiDescription.fields(before);
      expected.remove("updated_at");
      assertContent(expected, ApiDescription.parse(answer.body()));
      assertReadsBack(id, answer);
    }

    private void assertReadsBack(String id, Answer written) throws IOException {
      Answer read = get("/{task_id}", id);
      assertEqual("what reads back", written.body(), read.body());
      assertEqual("its ETag", written.header("ETag"), read.header("ETag"));
      tasks.put(id, ApiDescription.parse(read.body()), read.header("ETag").orElse(""));
    }

    private void assertContent(Map<String, JsonNode> expected, JsonNode task) {
      expected.forEach((name, value) -> assertEqual(name, value, task.path(name)));
      assertEqual("user_id", user, task.path("user_id").asText());
    }

    private void read(FuzzedRequest request, Answer answer) {
      String path = request.operation().path();
      if (path.endsWith("/{task_id}")) {
        Known known = tasks.alive.get(String.valueOf(request.taskId()));
        assertEqual(
            "the task", known == null ? null : known.json(), ApiDescription.parse(answer.body()));
      } else if (path.endsWith("/summary")) {
        assertEqual(
            "total", tasks.alive.size(), ApiDescription.parse(answer.body()).path("total").asInt());
      } else if (path.endsWith("/changes")) {
        tasks.addToken("since", ApiDescription.parse(answer.body()).path("next").asText());
      } else if (path.endsWith("/events")) {
        answer
            .body()
            .lines()
            .filter(line -> line.startsWith("id: "))
            .forEach(
                line -> {
                  tasks.addToken("since", line.substring(4));
                  tasks.addToken("lastEventId", line.substring(4));
                });
      } else if (path.endsWith("/tasks")) {
        for (JsonNode task : ApiDescription.parse(answer.body())) {
          Known known = tasks.alive.get(task.path("id").asText());
          assertEqual("a task of the list", known == null ? null : known.json(), task);
        }
        addNext(answer, "cursor");
      } else if (path.endsWith("/deleted")) {
        for (JsonNode task : ApiDescription.parse(answer.body())) {
          if (!tasks.deleted.containsKey(task.path("id").asText())) {
            throw new AssertionError("A task that can't be restored is listed as deleted: " + task);
          }
        }
        addNext(answer, "after");
      }
    }

    private void addNext(Answer answer, String parameter) {
      Matcher next =
          Pattern.compile("[?&]" + parameter + "=([^&>]+)")
              .matcher(answer.header("Link").orElse(""));
      if (next.find()) {
        tasks.addToken(parameter, next.group(1));
      }
    }

    /** What was refused has changed nothing, and what was done has changed nothing else. */
    private void checkAll() throws IOException {
      Map<String, JsonNode> listed = new HashMap<>();
      ApiDescription.parse(get("", null).body())
          .forEach(task -> listed.put(task.path("id").asText(), task));
      Map<String, JsonNode> expected = new HashMap<>();
      tasks.alive.forEach((id, known) -> expected.put(id, known.json()));
      assertEqual("all tasks", expected, listed);
      List<String> deleted = new ArrayList<>();
      ApiDescription.parse(get("/deleted", null).body())
          .forEach(task -> deleted.add(task.path("id").asText()));
      assertEqual("all deleted tasks", tasks.deleted.keySet(), new HashSet<>(deleted));
    }
  }

  private static void assertEqual(String what, @Nullable Object expected, @Nullable Object actual) {
    if (!Objects.equals(expected, actual)) {
      throw new AssertionError(what + " should be " + expected + ", but is " + actual);
    }
  }
}
