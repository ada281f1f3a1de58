package dev.taskport.adapter.rest.task;

import static dev.taskport.adapter.rest.ProblemAssertions.assertInvalidParameter;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.RawAnswer;
import dev.taskport.adapter.rest.TestService;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A creation that is sent twice happens once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdempotencyKeyTest {
  private static final String TASKS = "/api/alice/tasks";
  private static final String BODY = "{\"title\":\"a\",\"description\":\"d\"}";

  private final TestService service = new TestService();

  @AfterAll
  void stop() {
    service.close();
  }

  private HttpResponse<String> create(String key, String body) {
    return service.send("POST", TASKS, body, "Idempotency-Key", key);
  }

  private static String newKey() {
    return UUID.randomUUID().toString();
  }

  private static String header(HttpResponse<?> answer, String name) {
    return String.join("|", answer.headers().allValues(name));
  }

  private static void assertReplay(HttpResponse<String> first, HttpResponse<String> replay) {
    assertEquals(201, replay.statusCode(), replay.body());
    assertEquals("", header(first, "Idempotency-Replayed"));
    assertEquals("true", header(replay, "Idempotency-Replayed"));
    assertEquals(first.body(), replay.body());
    for (String name : new String[] {"Location", "ETag", "Content-Type"}) {
      assertEquals(header(first, name), header(replay, name));
    }
  }

  @Test
  void theFirstAnswerIsReplayedWhateverBecameOfTheTask() {
    String key = newKey();
    HttpResponse<String> first = create(key, BODY);
    service.tick();
    assertReplay(first, create(key, BODY));

    String path = header(first, "Location");
    service.send("PUT", path, "{\"title\":\"b\",\"completed\":true}");
    assertReplay(first, create(key, BODY));
    assertTrue(service.get(path).body().contains("\"title\":\"b\""));

    service.bare("DELETE", path);
    assertReplay(first, create(key, BODY));
    assertEquals(404, service.get(path).statusCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ \"description\" : \"d\",\n\"title\" : \"a\" }",
        "{\"title\":\"\\u0061\",\"description\":\"\\u0064\"}",
        "{\"title\":\" a\\u00a0\",\"description\":\"d\"}",
        "{\"title\":\"a\",\"description\":\"d\",\"completed\":true,\"category\":1}"
      })
  void theSameValuesInOtherBytesAreTheSameContent(String body) {
    String key = newKey();

    assertReplay(create(key, BODY), create(key, body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"title\":\"b\",\"description\":\"d\"}",
        "{\"title\":\"A\",\"description\":\"d\"}",
        "{\"title\":\"a\",\"description\":\"d \"}",
        "{\"title\":\"a\",\"description\":null}",
        "{\"title\":\"a\",\"description\":\"\"}",
        "{\"title\":\"a\"}"
      })
  void anotherContentUnderTheSameKeyIsInvalid(String body) {
    String key = newKey();
    create(key, BODY);

    HttpResponse<String> answer = create(key, body);

    assertInvalidParameter(
        "Idempotency-Key",
        "This Idempotency-Key was used for another task; use a new one for each task",
        answer);
    assertEquals("", header(answer, "Location"));
  }

  @Test
  void absentAndNullDescriptionsAreTheSameContent() {
    String key = newKey();

    assertReplay(
        create(key, "{\"title\":\"a\"}"), create(key, "{\"title\":\"a\",\"description\":null}"));
  }

  @Test
  void quotesDoNotCount() {
    String key = newKey();
    assertReplay(create(key, BODY), create("\"" + key + "\"", BODY));
    assertReplay(create("\"q\\\"" + key + "\\\\\"", BODY), create("q\"" + key + "\\", BODY));
  }

  @Test
  void keysAreComparedCharacterByCharacter() {
    String key = newKey() + "a";
    HttpResponse<String> first = create(key, BODY);

    for (String other : new String[] {newKey() + "A", key + ";a=b", key + "\""}) {
      HttpResponse<String> answer = create(other, BODY);
      assertEquals(201, answer.statusCode());
      assertNotEquals(first.body(), answer.body());
    }
  }

  @Test
  void aKeyBelongsToItsUser() {
    String key = newKey();
    create(key, BODY);

    HttpResponse<String> answer =
        service.send("POST", "/api/bob/tasks", "{\"title\":\"x\"}", "Idempotency-Key", key);

    assertEquals(201, answer.statusCode());
    assertEquals("", header(answer, "Idempotency-Replayed"));
  }

  @Test
  void aKeyOfTheGreatestLengthIsTaken() {
    String key = newKey() + "~!#$%&'()*,/:;<=>?@[]^`{|}";
    String longest = key + "x".repeat(255 - key.length());

    assertReplay(create(longest, BODY), create("\"" + longest + "\"", BODY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"\"", "a b", "\"a b\"", "a\tb", "a, b"})
  void whatIsNoKeyIsInvalid(String key) {
    assertNoKey(create(key, BODY));
  }

  @Test
  void aKeyThatIsTooLongIsInvalid() {
    assertNoKey(create("x".repeat(256), BODY));
    assertNoKey(create("\"" + "x".repeat(256) + "\"", BODY));
  }

  private static void assertNoKey(HttpResponse<String> answer) {
    assertInvalidParameter(
        "Idempotency-Key", "An idempotency key has 1 to 255 visible ASCII characters", answer);
  }

  @Test
  void aKeyBeyondAsciiIsInvalid() throws IOException {
    RawAnswer answer =
        service
            .raw(
                TestService.head(
                        "POST /api/alice/tasks HTTP/1.1",
                        "Host: a",
                        "Connection: close",
                        "Content-Type: application/json",
                        "Content-Length: 13",
                        "Idempotency-Key: k\u00e4y")
                    + "{\"title\":\"a\"}")
            .get(0);

    assertEquals(422, answer.status());
  }

  @Test
  void severalKeysAreInvalid() {
    assertInvalidParameter(
        "Idempotency-Key",
        "Send one Idempotency-Key, not several",
        service.send(
            "POST", TASKS, BODY, "Idempotency-Key", newKey(), "Idempotency-Key", newKey()));
  }

  @Test
  void aRefusedCreationDoesNotUseItsKeyUp() {
    String key = newKey();

    assertEquals(422, create(key, "{\"title\":\"\"}").statusCode());
    assertEquals("", header(create(key, BODY), "Idempotency-Replayed"));
  }
}
