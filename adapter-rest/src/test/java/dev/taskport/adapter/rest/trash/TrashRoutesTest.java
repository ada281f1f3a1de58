package dev.taskport.adapter.rest.trash;

import static dev.taskport.adapter.rest.ProblemAssertions.assertInvalidParameter;
import static dev.taskport.adapter.rest.ProblemAssertions.assertProblem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskport.adapter.rest.OpenApiDocument;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is deleted can be listed and restored, until it is deleted for good. */
class TrashRoutesTest {
  private static final String DELETED = "/api/alice/tasks/deleted";
  private static final Pattern NEXT = Pattern.compile("<([^>]*)>; rel=\"next\"");

  private final TestService service = new TestService();

  @AfterEach
  void stop() {
    service.close();
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static JsonNode json(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    return OpenApiDocument.parse(answer.body());
  }

  private String deleted(String title) {
    String path = service.create("alice", title);
    assertEquals(200, service.bare("DELETE", path).statusCode());
    return path;
  }

  private List<String> titles(String path) {
    List<String> titles = new ArrayList<>();
    json(service.get(path)).forEach(task -> titles.add(task.path("title").asText()));
    return titles;
  }

  @Test
  void aRestoredTaskIsAsItWasButForItsVersionAndTime() {
    String path = service.create("alice", "Buy milk");
    service.send("PATCH", path, "{\"tags\":[\"home\"],\"due_date\":\"2026-12-24\"}");
    String before = service.get(path).body();
    String tag = header(service.get(path), "ETag");
    service.bare("DELETE", path);
    service.tick();

    HttpResponse<String> answer = service.bare("POST", path + "/restore");

    String updated = "\"updated_at\":\"2026-11-21T09:47:36.273281Z\"";
    assertEquals(200, answer.statusCode(), answer.body());
    assertEquals(before.replaceAll("\"updated_at\":\"[^\"]*\"", updated), answer.body());
    assertEquals(tag.replace("-2\"", "-3\""), header(answer, "ETag"));
    assertEquals(answer.body(), service.get(path).body());
    assertEquals(header(answer, "ETag"), header(service.get(path), "ETag"));
    assertEquals("[]", service.get(DELETED).body());
  }

  @Test
  void thereIsNothingToRestoreOfALiveAnUnknownOrARestoredTask() {
    String live = service.create("alice", "a");
    String gone = deleted("b");
    service.bare("POST", gone + "/restore");

    for (String path :
        List.of(live, gone, "/api/alice/tasks/01990000-0000-7000-8000-ffffffffffff")) {
      assertProblem(404, "Not Found", "Task not found", service.bare("POST", path + "/restore"));
    }
  }

  @Test
  void nobodyRestoresOrSeesAnothersTask() {
    String path = deleted("a");
    String others = path.replace("alice", "bob");

    assertEquals(404, service.bare("POST", others + "/restore").statusCode());
    assertEquals(404, service.bare("DELETE", others + "?permanently=true").statusCode());
    assertEquals("[]", service.get("/api/bob/tasks/deleted").body());
    assertEquals(200, service.bare("POST", path + "/restore").statusCode());
  }

  @Test
  void aDeletedTaskIsListedWithAllItsKeysAndTheTimeOfItsDeletion() {
    String path = service.create("alice", "Buy milk");
    String task = service.get(path).body();
    service.bare("DELETE", path);

    HttpResponse<String> answer = service.get(DELETED);

    assertEquals(
        "[" + task.replaceFirst("}$", ",\"deleted_at\":\"T\"}]"),
        answer.body().replaceFirst("\"deleted_at\":\"[^\"]*\"", "\"deleted_at\":\"T\""));
    assertTrue(
        answer.body().matches(".*\"deleted_at\":\"\\d{4}-\\d\\d-\\d\\dT[0-9:]{8}\\.\\d{6}Z\".*"),
        answer.body());
    assertEquals("<" + DELETED + "?limit=100>; rel=\"first\"", header(answer, "Link"));
  }

  @Test
  void pagesLeadFromTheNewestDeletionToTheOldest() {
    for (int i = 0; i < 7; i++) {
      deleted("Task " + i);
    }
    List<String> titles = new ArrayList<>();
    String path = DELETED + "?limit=3";
    for (int pages = 1; !path.isEmpty(); pages++) {
      assertTrue(pages <= 3, path);
      HttpResponse<String> page = service.get(path);
      titles.addAll(titles(path));
      Matcher next = NEXT.matcher(header(page, "Link"));
      path = next.find() ? next.group(1) : "";
    }
    assertEquals(
        List.of("Task 6", "Task 5", "Task 4", "Task 3", "Task 2", "Task 1", "Task 0"), titles);
  }

  @Test
  void theLinksKeepTheStyleOfThePath() {
    deleted("a");
    deleted("b");
    String link = header(service.get(DELETED + "/?limit=1"), "Link");

    assertTrue(link.contains("<" + DELETED + "?limit=1>; rel=\"first\""), link);
    assertTrue(link.contains("<" + DELETED + "?limit=1&after="), link);
    assertEquals(200, service.bare("HEAD", DELETED).statusCode());
  }

  @Test
  void aCursorIsOfItsUserAlone() {
    deleted("a");
    deleted("b");
    Matcher next = NEXT.matcher(header(service.get(DELETED + "?limit=1"), "Link"));
    assertTrue(next.find());
    String detail =
        "after is damaged, or of another user; follow the Link header, or start again without it";

    assertInvalidParameter("after", detail, service.get(next.group(1).replace("alice", "bob")));
    assertInvalidParameter("after", detail, service.get(DELETED + "?after=AAAA"));
    assertEquals(List.of("a"), titles(next.group(1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1001", "x", "-1"})
  void aLimitOutOfBoundsIsRefused(String limit) {
    assertInvalidParameter(
        "limit",
        "limit must be a whole number from 1 to 1000",
        service.get(DELETED + "?limit=" + limit));
  }

  @Test
  void whatIsDeletedPermanentlyIsGone() {
    String live = service.create("alice", "a");
    String inTrash = deleted("b");

    for (String path : List.of(live, inTrash)) {
      HttpResponse<String> answer = service.bare("DELETE", path + "?permanently=true");
      assertEquals("{\"message\":\"Task deleted successfully\"}", answer.body());
      assertEquals(200, answer.statusCode());
      assertEquals(404, service.get(path).statusCode());
      assertEquals(404, service.bare("POST", path + "/restore").statusCode());
      assertEquals(404, service.bare("DELETE", path + "?permanently=true").statusCode());
    }
    assertEquals("[]", service.get(DELETED).body());
  }

  @ParameterizedTest
  @CsvSource({"false, 200", "FALSE, 200", "'', 200", "true, 404", "True, 404"})
  void permanentlyIsWhatItSays(String value, int restored) {
    String path = service.create("alice", "a");

    assertEquals(200, service.bare("DELETE", path + "?permanently=" + value).statusCode());
    assertEquals(restored, service.bare("POST", path + "/restore").statusCode());
  }

  @Test
  void anUnclearPermanentlyDeletesNothing() {
    String path = service.create("alice", "a");

    assertInvalidParameter(
        "permanently",
        "permanently must be true or false",
        service.bare("DELETE", path + "?permanently=yes"));
    assertEquals(200, service.get(path).statusCode());
  }

  @Test
  void aPermanentDeletionTakesTheSameConditionAsAnyOther() {
    String path = service.create("alice", "a");
    String tag = header(service.get(path), "ETag");
    service.send("PATCH", path, "{}");

    HttpResponse<String> stale =
        service.bare("DELETE", path + "?permanently=true", "If-Match", tag);

    assertEquals(412, stale.statusCode());
    assertNotEquals(tag, header(stale, "ETag"));
    String current = header(service.get(path), "ETag");
    assertEquals(
        200, service.bare("DELETE", path + "?permanently=true", "If-Match", current).statusCode());
    try (TestService strict =
        new TestService(
            new InMemoryTaskRepository(), Map.of("taskport.writes.require-if-match", true))) {
      String task = strict.create("alice", "a");
      assertEquals(428, strict.bare("DELETE", task + "?permanently=true").statusCode());
      assertEquals(200, strict.bare("DELETE", task, "If-Match", "*").statusCode());
      assertEquals(200, strict.bare("POST", task + "/restore").statusCode());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"If-Match", "If-None-Match"})
  void aRestorationTakesNoCondition(String header) {
    String path = deleted("a");

    HttpResponse<String> answer = service.bare("POST", path + "/restore", header, "*");

    assertEquals(422, answer.statusCode(), answer.body());
    assertEquals(404, service.get(path).statusCode());
  }

  @Test
  void aBodyOfARestorationIsIgnored() {
    String path = deleted("a");

    assertEquals(
        200, service.send("POST", path + "/restore", "{\"title\":\"other\"}").statusCode());
    assertEquals(List.of("a"), titles("/api/alice/tasks"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"deleted", "summary", "deleted/", "summary/"})
  void aListIsNoTask(String name) {
    String path = "/api/alice/tasks/" + name;
    for (String method : List.of("PUT", "PATCH", "DELETE", "POST")) {
      HttpResponse<String> answer = service.send(method, path, "{\"title\":\"a\"}");
      assertEquals(405, answer.statusCode(), answer.body());
      assertEquals(Set.of("GET", "HEAD"), Set.of(header(answer, "Allow").split(",")));
    }
  }
}
