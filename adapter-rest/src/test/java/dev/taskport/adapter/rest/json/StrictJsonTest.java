package dev.taskport.adapter.rest.json;

import static dev.taskport.adapter.rest.ProblemAssertions.assertInvalid;
import static dev.taskport.adapter.rest.ProblemAssertions.assertInvalidField;
import static dev.taskport.adapter.rest.ProblemAssertions.assertProblem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.TestService;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a body must be, and what becomes of one that isn't. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StrictJsonTest {
  private static final String TASKS = "/api/alice/tasks";

  private final TestService service = new TestService();

  @AfterAll
  void stop() {
    service.close();
  }

  private HttpResponse<String> create(String body) {
    return service.send("POST", TASKS, body);
  }

  private static String times(int count, String text) {
    return text.repeat(count);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"title\":\"a\",\"title\":\"b\"}",
        "{\"title\":\"a\",\"x\":{\"y\":1,\"y\":2}}",
        "{\"title\":\"a\",\"\\u0074itle\":\"b\"}",
        "{\"title\":\"a\" // comment\n}",
        "{\"title\":\"a\"/* comment */}",
        "{'title':'a'}",
        "{title:\"a\"}",
        "{\"title\":\"a\",}",
        "{\"title\":\"a\",\"x\":NaN}",
        "{\"title\":\"a\",\"x\":Infinity}",
        "{\"title\":\"a\",\"x\":01}",
        "{\"title\":\"a\",\"x\":.5}",
        "{\"title\":\"a\",\"x\":+1}",
        "{\"title\":\"a\",\"x\":[1,]}",
        "{\"title\":\"a\",\"x\":tru}",
        "{\"title\":\"a\",\"x\":TRUE}",
        "{\"title\":\"a\"",
        "{\"title\":\"a",
        "{\"title\":\"\\x61\"}",
        "{\"title\":\"\\u00g1\"}",
        "{\"title\":\"a\nb\"}",
        "{\"title\":\"a\u0000b\"}",
        "{\"title\"}",
        "{",
        "[",
        "hello",
        "title=a",
        "   ",
        "\r\n\t",
        "{\"title\":\"a\"}}",
        "{\"title\":\"a\"} x",
        "{\"title\":\"a\"}{\"title\":\"b\"}",
        "{\"title\":\"a\"}\u0000",
        "\ufeff{\"title\":\"a\"}",
        "{\"title\":\"a\"}\ufeff",
        "\u00a0{\"title\":\"a\"}"
      })
  void whatIsNotOneJsonValueIsMalformed(String body) {
    HttpResponse<String> answer = create(body);

    assertEquals(400, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains("\"title\":\"Bad Request\""), answer.body());
    assertTrue(answer.body().contains("\"detail\":\"The body "), answer.body());
  }

  @Test
  void aMalformedBodyIsToldWhere() {
    assertProblem(
        400,
        "Bad Request",
        "The body is not valid JSON (line 2, column 8)",
        create("{\"title\":\"a\",\n\"x\": [1}"));
    assertProblem(
        400,
        "Bad Request",
        "The body continues after the end of its JSON value",
        create("{\"title\":\"a\"} {}"));
  }

  static Stream<byte[]> notUtf8() {
    return Stream.of(
        new byte[] {'{', '"', 't', 'i', 't', 'l', 'e', '"', ':', '"', (byte) 0xE4, '"', '}'},
        new byte[] {'{', '"', 'x', (byte) 0xC0, (byte) 0x80, '"', ':', '1', '}'},
        // a lone surrogate, as some programs write it
        new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'},
        new byte[] {'"', (byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80, '"'},
        "{\"title\":\"a\"}".getBytes(StandardCharsets.UTF_16));
  }

  @ParameterizedTest
  @MethodSource("notUtf8")
  void aBodyIsUtf8(byte[] body) {
    assertProblem(
        400, "Bad Request", "The body is not valid UTF-8", service.send("POST", TASKS, body));
  }

  @Test
  void utf16WithoutAMarkIsNoJsonEither() {
    byte[] body = "{\"title\":\"a\"}".getBytes(StandardCharsets.UTF_16LE);

    assertEquals(400, service.send("POST", TASKS, body).statusCode());
  }

  @Test
  void anEmptyBodyIsMalformed() {
    String detail = "The body is empty; send a JSON object";

    assertProblem(400, "Bad Request", detail, create(""));
    assertProblem(400, "Bad Request", detail, service.bare("POST", TASKS));
    String task = service.create("alice", "a");
    assertProblem(400, "Bad Request", detail, service.send("PUT", task, ""));
    assertProblem(400, "Bad Request", detail, service.bare("PUT", task));
    assertProblem(400, "Bad Request", detail, service.send("PATCH", task, ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "[{\"title\":\"a\"}]", "\"title\"", "7", "1e400", "true"})
  void jsonThatIsNoObjectIsInvalid(String body) {
    String detail = "The body must be a JSON object";
    String errors = "{\"detail\":\"" + detail + "\",\"pointer\":\"#\"}";
    String task = service.create("alice", "a");

    assertInvalid(detail, errors, create(body));
    assertInvalid(detail, errors, service.send("PUT", task, body));
    assertInvalid(detail, errors, service.send("PATCH", task, body));
    if (!body.equals("null")) { // where a body need not be, null is none
      assertInvalid(detail, errors, service.send("PATCH", task + "/complete", body));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "true", "null", "[\"a\"]", "{\"a\":\"b\"}", "1.5e3"})
  void aTitleIsAString(String title) {
    String body = "{\"title\":" + title + "}";

    assertInvalidField("title", "The title must be a string", create(body));
    assertInvalidField(
        "title",
        "The title must be a string",
        service.send("PUT", service.create("alice", "a"), body));
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "true", "[\"a\"]", "{}"})
  void aDescriptionIsAStringOrNull(String description) {
    String detail = "The description must be a string or null";
    String body = "{\"title\":\"a\",\"description\":" + description + "}";

    assertInvalidField("description", detail, create(body));
    assertInvalidField(
        "description", detail, service.send("PUT", service.create("alice", "a"), body));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"yes\"", "\"true\"", "1", "0", "[]", "{}"})
  void completedIsTrueOrFalse(String completed) {
    String detail = "completed must be true or false";
    String body = "{\"completed\":" + completed + "}";
    String task = service.create("alice", "a");

    assertInvalidField("completed", detail, service.send("PUT", task, body));
    assertInvalidField("completed", detail, service.send("PATCH", task, body));
    assertInvalidField("completed", detail, service.send("PATCH", task + "/complete", body));
    assertEquals(201, create("{\"title\":\"a\",\"completed\":" + completed + "}").statusCode());
  }

  @ParameterizedTest
  @CsvSource({
    "'', The title must not be empty",
    "' \\t\\n\\u00a0\\u2003\\u3000', The title must not be empty",
    "a\\u0000b, The title must not hold the control character U+0000",
    "a\\tb, The title must not hold the control character U+0009",
    "a\\u0085b, The title must not hold the control character U+0085",
    "'a\\ud83d', 'The title holds half a character (a lone surrogate, U+D83D)'",
    "'\\udc00a', 'The title holds half a character (a lone surrogate, U+DC00)'"
  })
  void aTitleIsText(String title, String detail) {
    assertInvalidField("title", detail, create("{\"title\":\"" + title + "\"}"));
    assertInvalidField(
        "title",
        detail,
        service.send("PUT", service.create("alice", "a"), "{\"title\":\"" + title + "\"}"));
  }

  @ParameterizedTest
  @CsvSource({
    "a\\u0000b, The description must not hold the control character U+0000",
    "a\\u001bb, The description must not hold the control character U+001B",
    "'\\udead', 'The description holds half a character (a lone surrogate, U+DEAD)'"
  })
  void aDescriptionIsText(String description, String detail) {
    assertInvalidField(
        "description", detail, create("{\"title\":\"a\",\"description\":\"" + description + "\"}"));
  }

  @Test
  void charactersAreCountedAsPeopleCountThem() {
    assertEquals(201, create("{\"title\":\" " + times(200, "😀") + " \"}").statusCode());
    assertEquals(201, create("{\"title\":\"" + times(200, "\\ud83d\\ude00") + "\"}").statusCode());
    assertInvalidField(
        "title",
        "The title has 201 characters; at most 200 are allowed",
        create("{\"title\":\"" + times(201, "😀") + "\"}"));
    assertEquals(
        201,
        create("{\"title\":\"a\",\"description\":\"" + times(1000, "\\ud83d\\ude00") + "\"}")
            .statusCode());
    assertInvalidField(
        "description",
        "The description has 1001 characters; at most 1000 are allowed",
        create("{\"title\":\"a\",\"description\":\"" + times(1001, "x") + "\"}"));
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    assertInvalid(
        "The title is missing; the description must be a string or null",
        "{\"detail\":\"The title is missing\",\"pointer\":\"#/title\"},"
            + "{\"detail\":\"The description must be a string or null\","
            + "\"pointer\":\"#/description\"}",
        create("{\"description\":7}"));
    assertInvalid(
        "The title must not be empty; the description must be a string or null;"
            + " completed must be true or false",
        "{\"detail\":\"The title must not be empty\",\"pointer\":\"#/title\"},"
            + "{\"detail\":\"The description must be a string or null\","
            + "\"pointer\":\"#/description\"},"
            + "{\"detail\":\"completed must be true or false\",\"pointer\":\"#/completed\"}",
        service.send(
            "PUT",
            service.create("alice", "a"),
            "{\"title\":\" \",\"description\":[],\"completed\":null}"));
  }

  @Test
  void whatIsRefusedChangesNothing() {
    String task = service.create("alice", "a");
    HttpResponse<String> before = service.get(task);

    service.send("PUT", task, "{\"title\":\"b\",\"completed\":null}");
    service.send("PUT", task, "{\"title\":\"b\"} x");

    assertEquals(before.body(), service.get(task).body());
    assertEquals(
        before.headers().firstValue("ETag"), service.get(task).headers().firstValue("ETag"));
  }

  @Test
  void deepOrHugeValuesOfUnknownKeysDoNoHarm() {
    String deep = "{\"title\":\"a\",\"x\":" + times(900, "[") + times(900, "]") + "}";
    String tooDeep = "{\"title\":\"a\",\"x\":" + times(60_000, "[") + times(60_000, "]") + "}";
    String number = "{\"title\":\"a\",\"x\":" + times(900, "9") + "e999999999}";
    String tooLongNumber = "{\"title\":\"a\",\"x\":" + times(100_000, "9") + "}";

    assertEquals(201, create(deep).statusCode());
    assertEquals(400, create(tooDeep).statusCode());
    assertEquals(201, create(number).statusCode());
    assertEquals(400, create(tooLongNumber).statusCode());
  }

  @Test
  void aByteOrderMarkInsideAStringIsACharacterLikeAnother() {
    assertTrue(create("{\"title\":\"a\ufeffb\"}").body().contains("a\ufeffb"));
  }

  @Test
  void everyCharacterOfTheLongestTaskMayBeEscaped() {
    String body =
        "{\"title\":\""
            + times(200, "\\ud83d\\ude00")
            + "\",\"description\":\""
            + times(1000, "\\ud83d\\ude00")
            + "\",\"notes\":\""
            + times(100_000, "x")
            + "\"}";

    assertEquals(201, create(body).statusCode());
  }
}
