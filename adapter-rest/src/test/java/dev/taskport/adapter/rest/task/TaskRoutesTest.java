package dev.taskport.adapter.rest.task;

import static dev.taskport.testkit.SampleTasks.aTask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.json.Timestamps;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes as a front end uses them, every byte of what it reads. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TaskRoutesTest {
  private static final String ID = "01990000-0000-7000-8000-0000000000aa";

  /** Of the tasks that {@link #store} stores. */
  private static final String SAMPLE_FIELDS =
      "\"priority\":\"high\",\"tags\":[\"errand\",\"Home\"],\"due_date\":\"2026-12-24\"}";

  private final InMemoryTaskRepository store = new InMemoryTaskRepository();
  private final TestService service = new TestService(store, Map.of());
  private String user = "";

  @BeforeEach
  void aNewUser() {
    user = "user-" + UUID.randomUUID();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private String golden(String id, String title, String description, boolean done, String updated) {
    return "{\"id\":\"%s\",\"user_id\":\"%s\",\"title\":\"%s\",\"description\":%s,\"completed\":%s,"
            .formatted(id, user, title, description, done)
        + "\"created_at\":\"2026-11-21T09:47:36.273280Z\",\"updated_at\":\"%s\",".formatted(updated)
        + SAMPLE_FIELDS;
  }

  private String goldenNow(String id, String description) {
    String now = Timestamps.format(service.now());
    return golden(id, "Buy milk", description, false, now)
        .replace("2026-11-21T09:47:36.273280Z", now)
        .replace(SAMPLE_FIELDS, "\"priority\":\"medium\",\"tags\":[],\"due_date\":null}");
  }

  /** Puts a task there whose times and version are known. */
  private String stored() {
    store(new TaskId(UUID.fromString(ID)), TestService.NOW, "Buy milk");
    return "/api/" + user + "/tasks/" + ID;
  }

  private void store(TaskId id, Instant created, String title) {
    aTask()
        .of(UserId.parse(user))
        .under(id)
        .called(title)
        .described("Two litres")
        .createdAt(created)
        .storedIn(store);
  }

  private static String header(HttpResponse<?> answer, String name) {
    return String.join("|", answer.headers().allValues(name));
  }

  @Test
  void aCreatedTaskIsAnsweredWithItsTenKeysInOrder() {
    HttpResponse<String> answer =
        service.send("POST", "/api/" + user + "/tasks", "{\"title\":\" Buy milk\\u00a0\"}");

    String location = header(answer, "Location");
    String id = location.substring(location.lastIndexOf('/') + 1);
    assertEquals(201, answer.statusCode());
    assertEquals(goldenNow(id, "null"), answer.body());
    assertEquals("/api/" + user + "/tasks/" + id, location);
    assertEquals("application/json", header(answer, "Content-Type"));
    assertTrue(header(answer, "ETag").matches("\"[0-9a-z]+-1\""), header(answer, "ETag"));
  }

  @Test
  void whatACreationAnswersIsWhatALaterReadAnswers() {
    HttpResponse<String> created =
        service.send(
            "POST",
            "/api/" + user + "/tasks",
            "{\"title\":\"Größe 😀 \\\"x\\\" \\u2028\",\"description\":\"a\\tb\\r\\nc\"}");
    HttpResponse<String> read = service.get(header(created, "Location"));

    assertEquals(200, read.statusCode());
    assertEquals(created.body(), read.body());
    assertEquals(header(created, "ETag"), header(read, "ETag"));
    assertTrue(read.body().contains("Größe \uD83D\uDE00 \\\"x\\\""), read.body());
    assertTrue(read.body().contains("a\\tb\\r\\nc"), read.body());
  }

  @Test
  void aCreationIgnoresWhatIsNotItsToSay() {
    HttpResponse<String> answer =
        service.send(
            "POST",
            "/api/" + user + "/tasks",
            """
            {"id":"%s","user_id":"bob","title":"Buy milk","description":"","completed":true,
             "created_at":"2001-01-01T00:00:00Z","updated_at":7,"category":{"a":[1,{"title":2}]},
             "labels":["x",["y"]],"dueDate":null}
            """
                .formatted(ID));

    String location = header(answer, "Location");
    String id = location.substring(location.lastIndexOf('/') + 1);
    assertEquals(goldenNow(id, "\"\""), answer.body());
    assertTrue(!id.equals(ID), "The client's id was taken");
  }

  @Test
  void aTaskIsRead() {
    HttpResponse<String> answer = service.get(stored());

    assertEquals(200, answer.statusCode());
    assertEquals(
        golden(ID, "Buy milk", "\"Two litres\"", false, "2026-11-21T09:47:36.273280Z"),
        answer.body());
    assertEquals("application/json", header(answer, "Content-Type"));
  }

  @Test
  void aTaskIsFoundByItsIdInUpperCase() {
    stored();

    assertEquals(
        200, service.get("/api/" + user + "/tasks/" + ID.toUpperCase(Locale.ROOT)).statusCode());
  }

  @Test
  void theListIsABareArrayNewestFirst() {
    Instant early = Instant.parse("2026-11-20T09:00:00Z");
    store(new TaskId(new UUID(1, 1)), early, "oldest");
    store(new TaskId(new UUID(1, 2)), early.plusNanos(1000), "same time, less id");
    store(new TaskId(new UUID(-1, 2)), early.plusNanos(1000), "same time, greater id");
    store(new TaskId(new UUID(0, 1)), early.plusNanos(2000), "newest");

    HttpResponse<String> answer = service.get("/api/" + user + "/tasks");

    assertEquals(200, answer.statusCode());
    String task =
        "{\"id\":\"%s\",\"user_id\":\""
            + user
            + "\",\"title\":\"%s\","
            + "\"description\":\"Two litres\",\"completed\":false,"
            + "\"created_at\":\"2026-11-20T09:00:00.00000%dZ\","
            + "\"updated_at\":\"2026-11-20T09:00:00.00000%dZ\","
            + SAMPLE_FIELDS;
    assertEquals(
        "["
            + String.join(
                ",",
                task.formatted(new UUID(0, 1), "newest", 2, 2),
                task.formatted(new UUID(-1, 2), "same time, greater id", 1, 1),
                task.formatted(new UUID(1, 2), "same time, less id", 1, 1),
                task.formatted(new UUID(1, 1), "oldest", 0, 0))
            + "]",
        answer.body());
  }

  @Test
  void aUserWithoutTasksHasAnEmptyList() {
    HttpResponse<String> answer = service.get("/api/" + user + "/tasks");

    assertEquals(200, answer.statusCode());
    assertEquals("[]", answer.body());
    assertEquals("application/json", header(answer, "Content-Type"));
  }

  @Test
  void aModificationIsDatedAndRaisesTheVersion() {
    String path = stored();
    service.tick();

    HttpResponse<String> answer = service.send("PUT", path, "{\"completed\":true}");

    assertEquals(200, answer.statusCode());
    String updated = Timestamps.format(service.now());
    assertEquals(golden(ID, "Buy milk", "\"Two litres\"", true, updated), answer.body());
    assertTrue(header(answer, "ETag").endsWith("-2\""), header(answer, "ETag"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"id\":7,\"user_id\":null,\"created_at\":[],\"x\":{}}"})
  void anUpdateOfNothingIsAModificationStill(String body) {
    String path = stored();
    service.tick();

    HttpResponse<String> answer = service.send("PUT", path, body);

    assertEquals(200, answer.statusCode());
    assertEquals(
        golden(ID, "Buy milk", "\"Two litres\"", false, Timestamps.format(service.now())),
        answer.body());
  }

  @Test
  void anUpdateSetsClearsAndKeepsTheDescription() {
    String path = stored();

    assertTrue(
        service
            .send("PUT", path, "{\"description\":\"\"}")
            .body()
            .contains("\"description\":\"\""));
    assertTrue(
        service.send("PUT", path, "{\"title\":\"x\"}").body().contains("\"description\":\"\""));
    assertTrue(
        service
            .send("PUT", path, "{\"description\":null}")
            .body()
            .contains("\"title\":\"x\",\"description\":null"));
    assertTrue(
        service
            .send("PUT", path, "{\"description\":\" a \"}")
            .body()
            .contains("\"description\":\" a \""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/merge-patch+json"})
  void aPatchIsAPartialUpdate(String type) {
    String path = stored();

    HttpResponse<String> answer =
        service.send(
            "PATCH", path, "{\"description\":null,\"completed\":true}", "Content-Type", type);

    assertEquals(200, answer.statusCode());
    assertTrue(
        answer.body().contains("\"title\":\"Buy milk\",\"description\":null,\"completed\":true"),
        answer.body());
  }

  @Test
  void aDeletedTaskIsGone() {
    String path = stored();

    HttpResponse<String> answer = service.bare("DELETE", path);

    assertEquals(200, answer.statusCode());
    assertEquals("{\"message\":\"Task deleted successfully\"}", answer.body());
    assertEquals("application/json", header(answer, "Content-Type"));
    assertEquals(404, service.get(path).statusCode());
    assertEquals(404, service.bare("DELETE", path).statusCode());
  }

  @Test
  void oneUserNeverTouchesAnothersTask() {
    String foreign = stored().replace(user, "somebody-else");

    assertEquals(404, service.get(foreign).statusCode());
    assertEquals(404, service.send("PUT", foreign, "{}").statusCode());
    assertEquals(404, service.send("PATCH", foreign, "{}").statusCode());
    assertEquals(404, service.bare("PATCH", foreign + "/complete").statusCode());
    assertEquals(404, service.bare("DELETE", foreign).statusCode());
    assertEquals("[]", service.get("/api/somebody-else/tasks").body());
    assertEquals(200, service.get("/api/" + user + "/tasks/" + ID).statusCode());
  }

  @Test
  void theServiceSaysWhatItIs() {
    assertEquals(
        "{\"status\":\"healthy\",\"api\":\"Task Management API\",\"version\":\"0.1.0\"}",
        service.get("/").body());
    assertEquals("{\"status\":\"healthy\"}", service.get("/health").body());
  }

  @Test
  void aTrailingSlashMakesNoDifference() {
    String path = stored();
    String list = "/api/" + user + "/tasks";

    assertEquals(service.get(path).body(), service.get(path + "/").body());
    assertEquals(service.get(list).body(), service.get(list + "/").body());
    assertEquals(200, service.get("/health/").statusCode());
    assertEquals(201, service.send("POST", list + "/", "{\"title\":\"x\"}").statusCode());
    assertEquals(200, service.send("PUT", path + "/", "{}").statusCode());
    assertEquals(200, service.send("PATCH", path + "/", "{}").statusCode());
    assertEquals(200, service.bare("PATCH", path + "/complete/").statusCode());
    assertEquals(200, service.bare("DELETE", path + "/").statusCode());
  }

  @Test
  void headAnswersAsGetWithoutTheBody() {
    String path = stored();
    for (String target :
        new String[] {
          path, path + "/", "/api/" + user + "/tasks", "/", "/health", path + "x", "/nowhere"
        }) {
      HttpResponse<String> get = service.get(target, "X-Request-ID", "one");
      HttpResponse<String> head = service.bare("HEAD", target, "X-Request-ID", "one");

      assertEquals(get.statusCode(), head.statusCode(), target);
      assertEquals("", head.body(), target);
      assertEquals(withoutDate(get), withoutDate(head), target);
      assertEquals(
          String.valueOf(get.body().getBytes(StandardCharsets.UTF_8).length),
          header(head, "Content-Length"),
          target);
    }
  }

  private static Map<String, List<String>> withoutDate(HttpResponse<?> answer) {
    Map<String, List<String>> headers = new TreeMap<>(answer.headers().map());
    headers.remove("date");
    return headers;
  }

  @Test
  void unknownAndEmptyQueryParametersAreIgnored() {
    String path = stored();
    String query = "?_t=1&foo=&bar&=x&a%00=%ff&user_id=bob&task_id=7&body=x";

    assertEquals(service.get(path).body(), service.get(path + query).body());
    assertEquals(200, service.get("/api/" + user + "/tasks" + query).statusCode());
    assertEquals(200, service.send("PUT", path + query, "{}").statusCode());
  }

  @Test
  void whatAnOlderProgramStoredIsShownAsItIs() {
    store.putStored(
        Task.stored(
            new TaskId(UUID.fromString(ID)),
            UserId.parse(user),
            aTask().called("  \u0001" + "x".repeat(300)).described("\u0000").content(),
            true,
            Instant.parse("1969-12-31T23:59:59.999999Z"),
            Instant.parse("9999-12-31T23:59:59.999999Z"),
            9));

    HttpResponse<String> answer = service.get("/api/" + user + "/tasks/" + ID);

    assertEquals(200, answer.statusCode());
    assertTrue(
        answer
            .body()
            .contains("\"title\":\"  \\u0001" + "x".repeat(300) + "\",\"description\":\"\\u0000\""),
        answer.body());
    assertTrue(answer.body().contains("\"created_at\":\"1969-12-31T23:59:59.999999Z\""));
    assertTrue(answer.body().contains("\"updated_at\":\"9999-12-31T23:59:59.999999Z\""));
  }
}
