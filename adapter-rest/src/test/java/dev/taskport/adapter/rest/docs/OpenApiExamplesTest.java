package dev.taskport.adapter.rest.docs;

import static dev.taskport.fuzz.ApiDescription.fields;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.mockito.Mockito.mock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskport.adapter.rest.OpenApiDocument;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.WatchedStore;
import dev.taskport.adapter.rest.token.TestTokens;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.fuzz.Answer;
import dev.taskport.fuzz.ApiDescription.Operation;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Holds the OpenAPI document to what the running service takes and answers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiExamplesTest {
  private static final String NO_TASK = "01990000-0000-7000-8000-ffffffffffff";

  private static final String EXPIRED =
      TestTokens.hs256(
          TestTokens.HS256, "{\"sub\":\"user123\",\"exp\":" + TestTokens.seconds(-60) + "}");

  /** Event streams end soon, so that they can be compared as a whole. */
  private final TestService service =
      new TestService(new InMemoryTaskRepository(), Map.of("taskport.events.lifetime", "200ms"));

  private final TestService secured =
      new TestService(new InMemoryTaskRepository(), Map.of(), TestTokens.settings());
  private final OpenApiDocument document = new OpenApiDocument(secured);

  @AfterAll
  void stop() {
    service.close();
    secured.close();
  }

  @Test
  void theFirstExampleIsAnsweredWordForWord() {
    try (TestService fresh = new TestService()) {
      Operation create = document.operation("createTask");
      JsonNode created = document.resolve(create.node().path("responses").path("201"));

      HttpResponse<String> answer =
          fresh.send("POST", "/api/user123/tasks", requestExamples(create).get(0).body());

      assertEquals(201, answer.statusCode());
      assertEquals(
          document.examples(created.at("/content/application~1json")).get("created"),
          OpenApiDocument.parse(answer.body()));
      for (String header : new String[] {"ETag", "Location"}) {
        assertEquals(
            document.resolve(created.path("headers").path(header)).path("example").asText(),
            answer.headers().firstValue(header).orElse(""));
      }
      HttpResponse<String> list = fresh.get("/api/user123/tasks");
      assertEquals(
          document.root.at("/components/examples/OneTask/value"),
          OpenApiDocument.parse(list.body()));
    }
  }

  /** Without those that say the same of the paths that name no user. */
  private List<Operation> operations() {
    return document.operations().stream()
        .filter(operation -> !operation.path().startsWith("/api/tasks"))
        .toList();
  }

  private record Example(String type, String body) {}

  private List<Example> requestExamples(Operation operation) {
    List<Example> examples = new ArrayList<>();
    fields(operation.node().path("requestBody").path("content"))
        .forEach(
            (type, content) ->
                document
                    .examples(content)
                    .values()
                    .forEach(value -> examples.add(new Example(type, value.toString()))));
    return examples;
  }

  @Test
  void everyExampleOfARequestIsAcceptedAndAnsweredAsDescribed() {
    for (Operation operation : operations()) {
      List<Example> examples = requestExamples(operation);
      if (examples.isEmpty()) {
        HttpResponse<String> answer = send(service, operation, null, usable(operation));
        assertTrue(answer.statusCode() < 300, operation + ": " + answer.body());
        assertDescribed(operation, answer);
      }
      for (Example example : examples) {
        HttpResponse<String> answer =
            send(service, operation, example.body(), existing(), "Content-Type", example.type());
        assertTrue(answer.statusCode() < 300, operation + ": " + answer.body());
        assertDescribed(operation, answer);
      }
    }
  }

  @Test
  void theOtherSuccessesAreAnsweredAsDescribed() {
    Operation get = document.operation("getTask");
    String task = existing();
    String tag =
        service.get("/api/user123/tasks/" + task).headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> fresh = send(service, get, null, task, "If-None-Match", tag);
    assertEquals(304, fresh.statusCode());
    assertDescribed(get, fresh);

    Operation put = document.operation("updateTask");
    String own = "01990000-0000-7000-8000-00000000abcd";
    HttpResponse<String> created =
        send(service, put, "{\"title\":\"a\"}", own, "If-None-Match", "*");
    assertEquals(201, created.statusCode());
    assertDescribed(put, created);

    Operation create = document.operation("createTask");
    for (String replayed : new String[] {"", "true"}) {
      HttpResponse<String> answer =
          send(service, create, "{\"title\":\"a\"}", own, "Idempotency-Key", "key");
      assertEquals(replayed, answer.headers().firstValue("Idempotency-Replayed").orElse(""));
      assertDescribed(create, answer);
    }
  }

  @Test
  void everyDescribedErrorOccursAndReadsLikeAnExample() {
    WatchedStore lost =
        mock(
            WatchedStore.class,
            call -> {
              throw new StoreUnavailableException("lost", new IllegalStateException());
            });
    WatchedStore broken =
        mock(
            WatchedStore.class,
            call -> {
              throw new IllegalStateException("broken");
            });
    try (TestService strict =
            new TestService(
                new InMemoryTaskRepository(), Map.of("taskport.writes.require-if-match", true));
        TestService withoutStreams =
            new TestService(new WatchedStore(), Map.of("taskport.events.max-streams", 0));
        TestService withoutStreamsOfUsers =
            new TestService(new WatchedStore(), Map.of("taskport.events.max-per-user", 0));
        TestService limited =
            new TestService(
                new InMemoryTaskRepository(),
                Map.of("taskport.rate-limit.requests", 1, "taskport.rate-limit.period", "24h"));
        TestService withoutStore = new TestService(lost, Map.of());
        TestService withBrokenStore = new TestService(broken, Map.of())) {
      limited.get("/api/user123/tasks");
      for (Operation operation : operations()) {
        Set<String> described = new TreeSet<>(fields(operation.node().path("responses")).keySet());
        described.removeIf(status -> !status.matches("[45].*"));
        if (!operation.path().startsWith("/api/")) {
          described.removeAll(Set.of("500", "503")); // they have no store to fail
        }
        boolean streams = operation.id().equals("streamEvents");
        if (streams) {
          described.remove("500"); // a stream waits for its store
        }
        for (String status : described) {
          HttpResponse<String> answer =
              switch (status) {
                case "401", "403" -> provoke(secured, operation, status);
                case "428" -> provoke(strict, operation, status);
                case "500" -> provoke(withBrokenStore, operation, status);
                case "429" -> provoke(streams ? withoutStreamsOfUsers : limited, operation, status);
                case "503" -> provoke(streams ? withoutStreams : withoutStore, operation, status);
                default -> provoke(service, operation, status);
              };
          assertEquals(status.equals("4XX") ? 405 : Integer.parseInt(status), answer.statusCode());
          assertDescribed(operation, answer);
          assertReadsLikeAnExample(operation, status, answer);
        }
      }
    }
  }

  /** Sends a request that should be answered with an error of this status. */
  private HttpResponse<String> provoke(TestService to, Operation operation, String status) {
    boolean takesBody = operation.node().has("requestBody");
    String good = takesBody ? requestExamples(operation).get(0).body() : null;
    String task = existing();
    return switch (status) {
      case "400" ->
          takesBody
              ? send(to, operation, "{\"title\": \"Buy m", task)
              : to.bare(operation.method(), path(operation, "%FF", task));
      case "401" -> send(to, operation, good, task, "Authorization", "Bearer " + EXPIRED);
      case "403" ->
          send(to, operation, good, task, "Authorization", "Bearer " + TestTokens.of("another"));
      case "404" -> send(to, operation, good, NO_TASK);
      case "406" -> send(to, operation, good, task, "Accept", "text/csv");
      case "410" -> to.get(path(operation, "user123", task) + "?since=" + sinceBefore());
      case "412" -> send(to, operation, good, task, "If-Match", "\"hod4if62kg-99\"");
      case "413" -> send(to, operation, "{\"title\":\"" + "a".repeat(200_000) + "\"}", task);
      case "415" ->
          send(to, operation, good, task, "Content-Type", "application/x-www-form-urlencoded");
      case "422" ->
          takesBody
              ? send(to, operation, invalidBody(operation), task)
              : to.bare(operation.method(), path(operation, "%20", task));
      case "4XX" -> to.bare(unknownMethod(operation), path(operation, "user123", task));
      case "428", "429", "500", "503" -> send(to, operation, good, task);
      default -> fail("Nothing here provokes " + status + " of " + operation);
    };
  }

  /** A token of the same user's log before the service was restored from nothing. */
  private static String sinceBefore() {
    try (TestService before = new TestService()) {
      before.create("user123", "a");
      String changes = before.get("/api/user123/tasks/changes").body();
      return OpenApiDocument.parse(changes).path("next").asText();
    }
  }

  private static String invalidBody(Operation operation) {
    return switch (operation.id()) {
      case "createTask" -> "{\"title\":\" \"}";
      case "completeTask" -> "{\"completed\":\"yes\"}";
      default -> "{\"title\":1,\"completed\":\"yes\"}";
    };
  }

  private String unknownMethod(Operation operation) {
    JsonNode known = document.root.path("paths").path(operation.path());
    return known.has("post") || operation.path().equals("/") ? "DELETE" : "POST";
  }

  private String existing() {
    String path = service.create("user123", "Buy milk");
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** A task that the operation can work on. */
  private String usable(Operation operation) {
    String task = existing();
    if (operation.id().equals("restoreTask")) {
      service.bare("DELETE", "/api/user123/tasks/" + task);
    }
    return task;
  }

  private static HttpResponse<String> send(
      TestService to, Operation operation, @Nullable String body, String task, String... headers) {
    return to.send(operation.method(), path(operation, "user123", task), body, headers);
  }

  private static String path(Operation operation, String user, String task) {
    return operation.path().replace("{user_id}", user).replace("{task_id}", task);
  }

  private void assertDescribed(Operation operation, HttpResponse<String> answer) {
    Answer seen = new Answer(answer.statusCode(), answer.headers().map(), answer.body());

    assertEquals(
        "",
        document.faults(operation, seen, false),
        operation + ": " + answer.statusCode() + ' ' + answer.body());
  }

  private void assertReadsLikeAnExample(
      Operation operation, String status, HttpResponse<String> answer) {
    JsonNode problem = OpenApiDocument.parse(answer.body());
    List<JsonNode> examples =
        List.copyOf(
            document
                .examples(
                    document
                        .resolve(operation.node().path("responses").path(status))
                        .at("/content/application~1problem+json"))
                .values());
    for (String key : new String[] {"type", "title", "status", "detail"}) {
      assertTrue(
          examples.stream().anyMatch(example -> example.path(key).equals(problem.path(key))),
          operation + " says " + problem + ", not like any of " + examples);
    }
  }
}
