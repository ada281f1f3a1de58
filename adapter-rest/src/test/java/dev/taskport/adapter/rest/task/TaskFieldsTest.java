package dev.taskport.adapter.rest.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taskport.adapter.rest.OpenApiDocument;
import dev.taskport.adapter.rest.TestService;
import java.net.http.HttpResponse;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Priority, tags and due date as front ends send them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TaskFieldsTest {
  private static final String TASKS = "/api/ann/tasks";

  private final TestService service = new TestService();

  @AfterAll
  void stop() {
    service.close();
  }

  private HttpResponse<String> create(String field) {
    return service.send("POST", TASKS, "{\"title\":\"Buy milk\"," + field + "}");
  }

  private JsonNode created(String field) {
    HttpResponse<String> answer = create(field);
    assertEquals(201, answer.statusCode(), answer.body());
    return OpenApiDocument.parse(answer.body());
  }

  private static List<String> violations(HttpResponse<String> answer) {
    assertEquals(422, answer.statusCode(), answer.body());
    List<String> violations = new ArrayList<>();
    OpenApiDocument.parse(answer.body())
        .path("errors")
        .forEach(
            error ->
                violations.add(
                    error.path("pointer").asText() + " " + error.path("detail").asText()));
    return violations;
  }

  @ParameterizedTest
  @CsvSource({"'\"low\"', low", "'\"URGENT\"', urgent", "'\"High\"', high", "null, medium"})
  void aPriorityIsTakenInAnyCase(String json, String answered) {
    assertEquals(answered, created("\"priority\":" + json).path("priority").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"critical\"", "\"\"", "3", "true", "[]", "{\"a\":1}"})
  void anyOtherPriorityIsRefusedWithTheFour(String json) {
    assertEquals(
        List.of("#/priority The priority must be low, medium, high or urgent"),
        violations(create("\"priority\":" + json)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null | []",
        "[] | []",
        "'\"\"' | []",
        "'[\" work \",\"Home\",\"WORK\"]' | '[\"work\",\"Home\"]'",
        "'\"work, Home ,,home,\"' | '[\"work\",\"Home\"]'",
        "'[\"a b\",\"\u00E9\uD83D\uDE00\"]' | '[\"a b\",\"\u00E9\uD83D\uDE00\"]'"
      })
  void tagsComeAsAnArrayOrWithCommas(String json, String answered) {
    assertEquals(answered, created("\"tags\":" + json).path("tags").toString());
  }

  @Test
  void eachWrongTagIsPointedAt() {
    assertEquals(
        List.of(
            "#/tags/1 The tag must not be empty",
            "#/tags/2 The tag must be a string",
            "#/tags/3 The tag must not contain a comma",
            "#/tags/4 The tag must be a string",
            "#/tags/5 The tag must be a string",
            "#/tags/6 The tag has 51 characters; at most 50 are allowed"),
        violations(
            create(
                "\"tags\":[\"a\",\" \",7,\"b,c\",[\"d\"],{\"e\":[1]},\""
                    + "x".repeat(51)
                    + "\"]")));
    assertEquals(
        List.of("#/tags The tags must be an array of strings, or one string with commas"),
        violations(create("\"tags\":7")));
    assertEquals(
        List.of("#/tags The tag has 51 characters; at most 50 are allowed"),
        violations(create("\"tags\":\"a," + "x".repeat(51) + "\"")));
  }

  @Test
  void theAnswerToManyWrongTagsIsShort() {
    String body = "\"tags\":" + Collections.nCopies(5000, 0);

    assertEquals(21, violations(create(body)).size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-12-24", "0001-01-01", "9999-12-31", "2028-02-29"})
  void aDateStaysADate(String date) {
    assertEquals(date, created("\"due_date\":\"" + date + "\"").path("due_date").asText());
  }

  @Test
  void aTimeNearMidnightInAnyZoneIsTheSameInstantInUtc() {
    for (String local : List.of("2026-12-24T00:00:00", "2026-12-31T23:59:59.999999")) {
      for (int minutes = -12 * 60; minutes <= 14 * 60; minutes += 15) {
        ZoneOffset zone = ZoneOffset.ofTotalSeconds(minutes * 60);
        String sent = local + (minutes == 0 ? "+00:00" : zone.getId());

        String answered = created("\"due_date\":\"" + sent + "\"").path("due_date").asText();

        assertEquals(
            OffsetDateTime.parse(sent).toInstant(), OffsetDateTime.parse(answered).toInstant());
        assertTrue(
            answered.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z"), answered);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2026-12-24T18:00:00, 2026-12-24T18:00:00.000000Z",
    "2026-12-24T18:00, 2026-12-24T18:00:00.000000Z",
    "2026-12-24T00:00:00.123Z, 2026-12-24T00:00:00.123000Z"
  })
  void aTimeWithoutAnOffsetIsUtc(String sent, String answered) {
    assertEquals(answered, created("\"due_date\":\"" + sent + "\"").path("due_date").asText());
  }

  @Test
  void allThatIsWrongIsReportedAtOnce() {
    HttpResponse<String> answer =
        service.send(
            "POST",
            TASKS,
            "{\"title\":\" \",\"description\":7,\"priority\":7,\"tags\":[\"\"],\"due_date\":7}");

    assertEquals(
        List.of("#/title", "#/description", "#/priority", "#/tags/0", "#/due_date"),
        violations(answer).stream().map(v -> v.substring(0, v.indexOf(' '))).toList());
  }

  @Test
  void anUpdateChangesClearsAndKeepsEachField() {
    String all = "\"priority\":\"high\",\"tags\":[\"a\"],\"due_date\":\"2026-12-24\"";
    String path = TASKS + "/" + created(all).path("id").asText();

    assertEquals("{" + all + "}", fieldsAfter(path, "{\"title\":\"x\",\"completed\":true}"));
    assertEquals("{" + all + "}", fieldsAfter(path + "/complete", "{\"completed\":false}"));
    assertEquals("{" + all + "}", fieldsAfter(path + "/complete", "{}"));
    assertEquals(
        "{" + all.replace("high", "low") + "}", fieldsAfter(path, "{\"priority\":\"LOW\"}"));
    assertEquals(
        "{" + all.replace("high", "medium") + "}", fieldsAfter(path, "{\"priority\":null}"));
    assertEquals(
        "{\"priority\":\"medium\",\"tags\":[],\"due_date\":\"2026-12-24\"}",
        fieldsAfter(path, "{\"tags\":null}"));
    assertEquals(
        "{\"priority\":\"medium\",\"tags\":[],\"due_date\":null}",
        fieldsAfter(path, "{\"due_date\":null}"));
    assertEquals("{" + all + "}", fieldsAfter(path, "{" + all + "}"));
  }

  private String fieldsAfter(String path, String body) {
    String answer = service.send("PATCH", path, body).body();
    return "{" + answer.substring(answer.indexOf("\"priority\""));
  }
}
