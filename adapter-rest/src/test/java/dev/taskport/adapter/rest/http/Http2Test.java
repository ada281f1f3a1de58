package dev.taskport.adapter.rest.http;

import static dev.taskport.adapter.rest.Http2Connection.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.Http2Connection;
import dev.taskport.adapter.rest.Http2Connection.Answer;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.TestTls;
import dev.taskport.testkit.InMemoryTaskRepository;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What requests get over HTTP/2: the same as over HTTP/1. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2Test {
  private static final String TASKS = "/api/alice/tasks";
  private static final int MAX_HEADERS = 32 * 1024;

  private TestTls tls;
  private TestService service;
  private HttpClient client;

  @BeforeAll
  void start(@TempDir Path folder) {
    tls = new TestTls(folder);
    service = service(tls, Map.of("taskport.http.request-deadline", "10s"));
    client = client(tls);
  }

  @AfterAll
  void stop() {
    service.close();
  }

  static TestService service(TestTls tls, Map<String, Object> more) {
    Map<String, Object> properties =
        new HashMap<>(RestProperties.tls(-1, tls.getName(), MAX_HEADERS));
    properties.putAll(more);
    return new TestService(new InMemoryTaskRepository(), properties, tls);
  }

  static HttpClient client(TestTls tls) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_2)
        .sslContext(tls.client())
        .build();
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.uri(path))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private Answer raw(String... fields) throws IOException {
    try (Http2Connection connection = Http2Connection.open(service, tls)) {
      connection.headers(1, true, fields);
      return connection.answer(1);
    }
  }

  @Test
  void aTaskIsCreatedReadChangedAndDeleted() throws IOException, InterruptedException {
    String json = "application/json";
    HttpResponse<String> created =
        send("POST", TASKS, "{\"title\":\"Buy milk\"}", "Content-Type", json);
    assertEquals(HttpClient.Version.HTTP_2, created.version());
    assertEquals(201, created.statusCode(), created.body());
    String path = created.headers().firstValue("location").orElseThrow();
    assertEquals(
        "max-age=31536000",
        created.headers().firstValue("strict-transport-security").orElseThrow());
    assertTrue(created.headers().firstValue("x-request-id").isPresent());
    assertTrue(created.headers().firstValue("taskport-route").isEmpty());

    HttpResponse<String> read = send("GET", path, "");
    assertEquals(created.body(), read.body());
    String tag = read.headers().firstValue("etag").orElseThrow();
    HttpResponse<String> same = send("GET", path, "", "If-None-Match", tag);
    assertEquals(304, same.statusCode());
    assertEquals("", same.body());

    HttpResponse<String> head = send("HEAD", path, "");
    assertEquals(200, head.statusCode());
    assertEquals("", head.body());
    assertEquals(
        String.valueOf(read.body().getBytes(StandardCharsets.UTF_8).length),
        head.headers().firstValue("content-length").orElseThrow());

    HttpResponse<String> changed =
        send("PATCH", path, "{\"completed\":true}", "Content-Type", json, "If-Match", tag);
    assertEquals(200, changed.statusCode(), changed.body());
    assertTrue(send("GET", TASKS, "").body().contains("Buy milk"));
    assertEquals(200, send("DELETE", path, "").statusCode());
    assertEquals(404, send("GET", path, "").statusCode());
  }

  @Test
  void manyRequestsAtOnceOnOneConnectionAreAllAnswered() throws IOException {
    try (Http2Connection connection = Http2Connection.open(service, tls)) {
      for (int i = 0; i < 100; i++) {
        connection.headers(
            1 + 2 * i,
            false,
            request("POST", "/api/many/tasks", "content-type", "application/json"));
      }
      String body = "{\"title\":\"Buy milk\",\"description\":\"" + "x".repeat(900) + "\"}";
      for (int i = 0; i < 100; i++) { // more together than the connection's window
        connection.data(1 + 2 * i, body, true);
        assertEquals(201, connection.answer(1 + 2 * i).status());
      }
    }
  }

  @Test
  void bodiesThatComeInTurnsAndWaitForAPlaceAreAllRead() {
    String body = "{\"title\":\"t\",\"description\":\"" + "x".repeat(900) + "\"}";
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      answers.add(
          client.sendAsync(
              HttpRequest.newBuilder(service.uri("/api/turns/tasks"))
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString()));
    }
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertEquals(201, answer.join().statusCode());
    }
  }

  @Test
  void withoutTheProtocolTheClientGetsHttp1() throws IOException, InterruptedException {
    HttpClient old =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(tls.client())
            .build();
    HttpResponse<String> answer =
        old.send(
            HttpRequest.newBuilder(service.uri(TASKS)).build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(200, answer.statusCode());
    assertEquals(HttpClient.Version.HTTP_1_1, answer.version());

    try (Socket socket =
        tls.client()
            .getSocketFactory()
            .createSocket(service.uri("").getHost(), service.uri("").getPort())) {
      socket
          .getOutputStream()
          .write(
              TestService.head("GET / HTTP/1.1", "Host: a", "Connection: close")
                  .getBytes(StandardCharsets.US_ASCII));
      String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertTrue(text.startsWith("HTTP/1.1 200 OK"), text);
    }
  }

  @Test
  void withoutTlsThereIsNoHttp2() throws IOException {
    try (TestService plain = new TestService();
        Socket socket = plain.connect()) {
      socket
          .getOutputStream()
          .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertTrue(text.startsWith("HTTP/1.1 400 "), text);
    }
  }

  static Stream<List<String>> malformed() {
    return Stream.of(
        List.of(":scheme", "https", ":path", "/", ":authority", "localhost"),
        List.of(":method", "GET", ":scheme", "https", ":authority", "localhost"),
        List.of(request("GET", "")),
        List.of(request("GET", "/", "host", "elsewhere")),
        List.of(request("GET", "/", "X-Upper", "a")),
        List.of(request("GET", "/", "connection", "close")),
        List.of(request("GET", "/", "transfer-encoding", "chunked")),
        List.of(request("GET", "/", "upgrade", "h2c")),
        List.of(request("GET", "/", "te", "gzip")),
        List.of(request("GET", "/", ":path", "/other")),
        List.of(request("GET", "/", ":unknown", "a")),
        List.of(request("GET", "/", "x-a", "a\r\nx-b: b")),
        List.of(request("GET", "/", "a b", "c")),
        List.of("x-first", "a", ":method", "GET", ":scheme", "https", ":path", "/"),
        List.of(request("GET", "/a b HTTP/1.1\r\nhost: x\r\n")),
        List.of(request("GET /api/bob/tasks", "/")));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void malformedHeadersEndTheStreamAndNotTheConnection(List<String> fields) throws IOException {
    try (Http2Connection connection = Http2Connection.open(service, tls)) {
      connection.headers(1, true, fields.toArray(String[]::new));
      Answer refused = connection.answer(1);
      connection.request(3, "GET", "/");

      assertTrue(
          refused.status() == 400 || refused.reset() == Http2Error.PROTOCOL_ERROR.code(),
          refused::toString);
      assertEquals(200, connection.answer(3).status());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost/api/alice/tasks, 400",
    "api/alice/tasks, 400",
    "*, 400",
    "/api/alice%2Ftasks, 404",
    "/api/bob/../alice/tasks, 404",
    "//api/alice/tasks, 404",
    "/api/%C3%28/tasks, 400",
    "/api/a+b/tasks, 200",
    "/api/auth0|123/tasks, 200"
  })
  void targetsAreReadAsInHttp1(String path, int status) throws IOException {
    Answer answer = raw(request("GET", path));
    assertEquals(status, answer.status(), answer::toString);
    if (status != 200) {
      assertTrue(answer.headers().containsKey("x-request-id"), answer::toString);
      assertEquals("application/problem+json", answer.headers().get("content-type"));
    }
  }

  @Test
  void plusAndSpaceAreTwoUsers() throws IOException, InterruptedException {
    send("POST", "/api/a+b/tasks", "{\"title\":\"Plus\"}", "Content-Type", "application/json");
    assertTrue(raw(request("GET", "/api/a%2Bb/tasks")).body().contains("Plus"));
    assertEquals("[]", raw(request("GET", "/api/a%20b/tasks")).body());
  }

  @Test
  void theHostIsTheAuthority() throws IOException {
    String[] foreign = request("GET", TASKS);
    foreign[7] = "evil.example";
    assertEquals(421, raw(foreign).status());
    foreign[7] = "local host";
    assertEquals(400, raw(foreign).status());
    assertEquals(400, raw(":method", "GET", ":scheme", "https", ":path", "/").status());
    assertEquals(
        200, raw(":method", "GET", ":scheme", "https", ":path", "/", "host", "localhost").status());
    assertEquals(200, raw(request("GET", "/", "host", "localhost")).status());
  }

  @Test
  void methodsThatHttp1RefusesAreRefused() throws IOException {
    assertEquals(405, raw(request("get", TASKS)).status());
    assertEquals(405, raw(request("PURGE", TASKS)).status());
    Answer connect = raw(":method", "CONNECT", ":authority", "localhost:80");
    assertTrue(connect.status() == 400 || connect.reset() > 0, connect::toString);
  }

  @Test
  void whatIsTooLongIsAnsweredWithAProblem() throws IOException {
    Answer target = raw(request("GET", "/" + "x".repeat(9000)));
    assertEquals(414, target.status());
    assertTrue(target.body().contains("The URI is too long"), target.body());

    try (Http2Connection connection = Http2Connection.open(service, tls)) {
      sendInPieces(connection, 1, request("GET", "/", "x-a", "a".repeat(MAX_HEADERS - 1000)));
      assertEquals(200, connection.answer(1).status());
      sendInPieces(connection, 3, request("GET", "/", "x-a", "a".repeat(MAX_HEADERS + 1000)));
      Answer headers = connection.answer(3);
      assertEquals(431, headers.status());
      assertTrue(headers.body().contains("The headers are too large"), headers.body());
      assertTrue(headers.headers().containsKey("x-request-id"));
    }
    HttpResponse<String> body = sendLarge();
    assertEquals(413, body.statusCode());
    assertTrue(body.body().contains("too large"), body.body());
  }

  private HttpResponse<String> sendLarge() {
    try {
      return send(
          "POST",
          TASKS,
          "{\"title\":\"" + "x".repeat(600_000) + "\"}",
          "Content-Type",
          "application/json");
    } catch (IOException e) {
      throw new AssertionError("The answer to a large body is lost", e);
    } catch (InterruptedException e) {
      throw new AssertionError("Interrupted", e);
    }
  }

  private static void sendInPieces(Http2Connection connection, int stream, String... fields)
      throws IOException {
    byte[] block = Http2Connection.block(fields);
    int piece = 16_000;
    for (int at = 0; at < block.length; at += piece) {
      byte[] part = Arrays.copyOfRange(block, at, Math.min(at + piece, block.length));
      int end = at + piece >= block.length ? Http2Connection.END_HEADERS : 0;
      if (at == 0) {
        connection.frame(Http2FrameTypes.HEADERS, Http2Connection.END_STREAM | end, stream, part);
      } else {
        connection.frame(Http2FrameTypes.CONTINUATION, end, stream, part);
      }
    }
  }

  @Test
  void anEmptyBodyThatWasAnnouncedIsRefusedAsInHttp1() throws IOException {
    try (Http2Connection connection = Http2Connection.open(service, tls)) {
      connection.headers(1, false, request("POST", TASKS, "content-type", "application/json"));
      connection.data(1, "", true);
      assertEquals(400, connection.answer(1).status());

      connection.headers(
          3,
          false,
          request("POST", TASKS, "content-type", "application/json", "content-length", "5"));
      connection.data(3, "{\"title\":\"too long\"}", true);
      assertEquals(Http2Error.PROTOCOL_ERROR.code(), connection.answer(3).reset());
      assertFalse(service.bean(BytesInFlight.class).sum() < 0);
    }
  }
}
