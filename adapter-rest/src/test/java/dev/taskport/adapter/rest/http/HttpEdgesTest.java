package dev.taskport.adapter.rest.http;

import static dev.taskport.adapter.rest.ProblemAssertions.assertProblem;
import static dev.taskport.adapter.rest.TestService.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.RawAnswer;
import dev.taskport.adapter.rest.TestService;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no front end sends: HTTP at its edges, and what is left of the connection after it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpEdgesTest {
  private static final String TASK = "{\"title\":\"a\"}";
  private static final String MALFORMED = "The request is malformed";
  private static final String SMUGGLED =
      head("DELETE /smuggled HTTP/1.1", "Host: a", "Connection: close");
  private static final String LAST = head("GET /health HTTP/1.1", "Host: a", "Connection: close");

  private final TestService service = new TestService();

  @AfterAll
  void stop() {
    service.close();
  }

  private static String post(String user, String... headers) {
    String[] lines = new String[headers.length + 3];
    lines[0] = "POST /api/" + user + "/tasks HTTP/1.1";
    lines[1] = "Host: a";
    lines[2] = "Content-Type: application/json";
    System.arraycopy(headers, 0, lines, 3, headers.length);
    return head(lines);
  }

  /** What follows is not read: whose it is can't be known. */
  private void assertRefusedForGood(String request, int status, String title, String detail)
      throws IOException {
    List<RawAnswer> answers = service.raw(request + SMUGGLED);

    assertEquals(1, answers.size(), answers.toString());
    assertProblem(answers.get(0), status, title, detail);
  }

  /** What follows is another request, and answered as such. */
  private void assertRefusedAlone(String request, int status, String title, String detail)
      throws IOException {
    List<RawAnswer> answers = service.raw(request + LAST);

    assertEquals(2, answers.size(), answers.toString());
    assertProblem(answers.get(0), status, title, detail);
    assertEquals("{\"status\":\"healthy\"}", answers.get(1).body());
  }

  private void assertNothingStored(String user) {
    assertEquals("[]", service.get("/api/" + user + "/tasks").body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 13|Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked|Content-Length: 13",
        "Content-Length: 13|Content-Length: 14",
        "Content-Length: 13, 14",
        "Content-Length: -1",
        "Content-Length: +13",
        "Content-Length: 1e1",
        "Content-Length: 0x0d",
        "Content-Length: 99999999999999999999",
        "Content-Length:",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: chunked|Transfer-Encoding: chunked",
        "Transfer-Encoding: xchunked|Content-Length: 13",
        "Transfer-Encoding: identity|Content-Length: 13",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding:",
        "Transfer-Encoding : chunked",
        "Transfer Encoding: chunked",
        "No-Colon",
        ": no name",
        "X: a\u0000b"
      })
  void aBodyWithoutACertainEndIsRefused(String headers) throws IOException {
    String request = post("edge", headers.split("\\|", -1)) + TASK;

    assertRefusedForGood(request, 400, "Bad Request", MALFORMED);
    assertNothingStored("edge");
  }

  /** What came is not all, and perhaps not what was meant: an empty body would toggle. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "zz|{}",
        "|{}",
        "-2|{}",
        "0x13|{\"completed\":false}|0||",
        "ffffffffffffffff|{}",
        "13|{\"completed\":false}|zz|",
        "13|{\"completed\":false}XX0||",
        "0|X: a\u0000b||"
      })
  void aBodyInBrokenChunksIsRefused(String chunks) throws IOException {
    String task = service.create("edge4", "a");
    String before = service.get(task).body();

    assertRefusedForGood(
        head(
                "PATCH " + task + "/complete HTTP/1.1",
                "Host: a",
                "Content-Type: application/json",
                "Transfer-Encoding: chunked")
            + chunks.replace("|", "\r\n"),
        400,
        "Bad Request",
        "The body's chunked encoding is broken");
    assertEquals(before, service.get(task).body());
  }

  @Test
  void aTransferEncodingInHttp10IsRefused() throws IOException {
    assertRefusedForGood(
        head(
                "POST /api/edge/tasks HTTP/1.0",
                "Content-Type: application/json",
                "Transfer-Encoding: chunked")
            + "0\r\n\r\n",
        400,
        "Bad Request",
        MALFORMED);
  }

  @Test
  void twoLengthsAreRefusedEvenIfTheyAreEqual() throws IOException {
    assertRefusedForGood(
        post("edge2", "Content-Length: 13", "Content-Length: 13") + TASK,
        400,
        "Bad Request",
        MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "Get", "head", "foo"})
  void namesOfMethodsAreCaseSensitive(String method) throws IOException {
    RawAnswer answer =
        service.raw(head(method + " /health HTTP/1.1", "Host: a", "Connection: close")).get(0);

    assertProblem(
        answer,
        405,
        "Method Not Allowed",
        "This path doesn't take the method; the Allow header lists those it does");
    assertTrue(String.valueOf(answer.header("Allow")).contains("GET"), answer.toString());
  }

  @Test
  void aRefusedHeadHasAnIdLikeEveryAnswer() throws IOException {
    for (String refused :
        List.of(
            head("HEAD / HTTP/1.1", "Host: a", "X: " + "x".repeat(40_000)),
            head("HEAD / HTTP/1.1", "Host: a", "Content-Length: x"),
            head("HEAD / HTTP/9.1", "Host: a"),
            head("HEAD /nowhere HTTP/1.1", "Host: a", "Connection: close"))) {
      String text = service.text(refused);
      String answer = text.toLowerCase(Locale.ROOT);

      assertTrue(answer.startsWith("http/1.1 4"), text);
      assertTrue(answer.contains("\r\nx-request-id: "), text);
      assertTrue(answer.endsWith("\r\n\r\n"), text);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GET / HTTP/9.9", "GET", "\u0016\u0003\u0001", "GET / FTP/1.1", "x y z w"})
  void whatIsNoRequestIsMalformed(String line) throws IOException {
    assertRefusedForGood(head(line, "Host: a"), 400, "Bad Request", MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.5", "HTTP/7.7"})
  void anAnswerIsInAVersionThatThereIs(String version) throws IOException {
    String answer = service.text(head("GET / " + version, "Host: a", "No-Colon"));

    assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
    assertTrue(answer.toLowerCase(Locale.ROOT).contains("\r\nconnection: close\r\n"), answer);
  }

  @Test
  void aTargetThatIsNoUriIsMalformed() throws IOException {
    for (String target : List.of("/%zz", "/%", "/%4", "http://[")) {
      RawAnswer answer =
          service.raw(head("GET " + target + " HTTP/1.1", "Host: a", "Connection: close")).get(0);

      assertProblem(
          answer, 400, "Bad Request", "The request must have a valid target and one Host");
    }
  }

  @Test
  void anUriThatIsTooLongIsSaidToBe() throws IOException {
    assertRefusedForGood(
        head("GET /" + "x".repeat(9000) + " HTTP/1.1", "Host: a"),
        414,
        "URI Too Long",
        "The URI is too long");
  }

  @Test
  void aTokenOfALargeIdentityProviderFits() throws IOException {
    RawAnswer answer =
        service
            .raw(
                head(
                    "GET /health HTTP/1.1",
                    "Host: a",
                    "Connection: close",
                    "Authorization: Bearer " + "x".repeat(30_000)))
            .get(0);

    assertEquals(200, answer.status());
  }

  @Test
  void headersThatAreTooLargeAreSaidToBe() throws IOException {
    assertRefusedForGood(
        head("GET / HTTP/1.1", "Host: a", "X: " + "x".repeat(33_000)),
        431,
        "Request Header Fields Too Large",
        "The headers are too large");
  }

  @Test
  void aBodyThatIsTooLargeIsReadToItsEndAndThrownAway() throws IOException {
    String large = "x".repeat(200_000);
    assertRefusedAlone(
        post("edge", "Content-Length: 200000") + large,
        413,
        "Content Too Large",
        "The body is too large");
    assertRefusedAlone(
        post("edge", "Transfer-Encoding: chunked")
            + Integer.toHexString(200_000)
            + "\r\n"
            + large
            + "\r\n0\r\n\r\n",
        413,
        "Content Too Large",
        "The body is too large");
    assertNothingStored("edge");
  }

  @Test
  void aRefusedBodyIsNotTakenForTheNextRequest() throws IOException {
    String body = SMUGGLED + SMUGGLED;
    String length = "Content-Length: " + body.length();

    assertRefusedAlone(
        head("POST /nowhere HTTP/1.1", "Host: a", length) + body, 404, "Not Found", "Not Found");
    assertRefusedAlone(
        head("POST /api/edge/tasks HTTP/1.1", "Host: a", "Content-Type: text/plain", length) + body,
        415,
        "Unsupported Media Type",
        "Send the body as application/json");
    assertRefusedAlone(
        head("POST /api/%FF/tasks HTTP/1.1", "Host: a", length) + body,
        400,
        "Bad Request",
        "The path is not valid UTF-8");
    assertRefusedAlone(
        head("GET /nowhere HTTP/1.1", "Host: a", length) + body, 404, "Not Found", "Not Found");
    assertRefusedAlone(
        head("POST /api/edge/tasks HTTP/1.1", length) + body,
        400,
        "Bad Request",
        "The request must have a valid target and one Host");
  }

  @Test
  void aBodyWithoutATypeIsNotRead() throws IOException {
    String title = "Unsupported Media Type";
    String detail = "Send the body as application/json";

    assertRefusedAlone(
        head("POST /api/edge/tasks HTTP/1.1", "Host: a", "Content-Length: 13") + TASK,
        415,
        title,
        detail);
    assertRefusedAlone(
        head("POST /api/edge/tasks HTTP/1.1", "Host: a", "Transfer-Encoding: chunked")
            + "d\r\n"
            + TASK
            + "\r\n0\r\n\r\n",
        415,
        title,
        detail);
    assertNothingStored("edge");
  }

  @Test
  void aRequestHasOneHost() throws IOException {
    String detail = "The request must have a valid target and one Host";

    assertRefusedAlone(head("GET /health HTTP/1.1"), 400, "Bad Request", detail);
    assertRefusedAlone(
        head("GET /health HTTP/1.1", "Host: a", "Host: b"), 400, "Bad Request", detail);
  }

  @Test
  void olderClientsNeedNoHost() throws IOException {
    List<RawAnswer> answers = service.raw(head("GET /health HTTP/1.0"));

    assertEquals(1, answers.size());
    assertEquals(200, answers.get(0).status());
    assertEquals("{\"status\":\"healthy\"}", answers.get(0).body());
  }

  @Test
  void aTargetMayBeAbsolute() throws IOException {
    RawAnswer answer =
        service
            .raw(head("GET http://other.example/health HTTP/1.1", "Host: a", "Connection: close"))
            .get(0);

    assertEquals("{\"status\":\"healthy\"}", answer.body());
  }

  @Test
  void aClientThatAsksBeforeItSendsIsAnswered() throws IOException {
    List<RawAnswer> answers =
        service.raw(
            post("edge3", "Content-Length: 13", "Expect: 100-continue", "Connection: close")
                + TASK);

    assertEquals(201, answers.get(answers.size() - 1).status());
  }

  @Test
  void aClientThatAsksInVainMayKeepItsBody() throws IOException {
    List<RawAnswer> answers =
        service.raw(
            head(
                "POST /nowhere HTTP/1.1",
                "Host: a",
                "Content-Length: 13",
                "Content-Type: application/json",
                "Expect: 100-continue"));

    assertEquals(1, answers.size());
    assertProblem(answers.get(0), 404, "Not Found", "Not Found");
    assertEquals("close", answers.get(0).header("Connection"));
  }

  @Test
  void requestsMayBeSentBeforeTheAnswersCome() throws IOException {
    String create = post("pipe", "Content-Length: 13") + TASK;
    String list = head("GET /api/pipe/tasks HTTP/1.1", "Host: a", "Connection: close");

    List<RawAnswer> answers = service.raw(create + create + create + list);

    assertEquals(List.of(201, 201, 201, 200), answers.stream().map(RawAnswer::status).toList());
    assertTrue(answers.get(3).body().startsWith("["));
  }

  @Test
  void anAnswerToHeadLeavesTheConnectionUsable() throws IOException {
    String bytes =
        service.text(
            head("HEAD /health HTTP/1.1", "Host: a")
                + head("HEAD /nowhere HTTP/1.1", "Host: a")
                + LAST);

    assertEquals(3, bytes.split("HTTP/1.1 ", -1).length - 1, bytes);
    assertEquals(1, bytes.split("\\{", -1).length - 1, bytes);
    assertTrue(bytes.endsWith("{\"status\":\"healthy\"}"), bytes);
  }

  @Test
  void whatFollowsTheLastRequestIsNotAnswered() throws IOException {
    List<RawAnswer> answers = service.raw(LAST + SMUGGLED);

    assertEquals(1, answers.size());
  }
}
