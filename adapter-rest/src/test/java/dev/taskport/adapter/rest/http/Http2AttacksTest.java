package dev.taskport.adapter.rest.http;

import static dev.taskport.adapter.rest.Http2Connection.block;
import static dev.taskport.adapter.rest.Http2Connection.request;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.Http2Connection;
import dev.taskport.adapter.rest.Http2Connection.Answer;
import dev.taskport.adapter.rest.Http2Connection.Frame;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.TestTls;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections of HTTP/2 that cost more than they bring. After each, another one is served. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2AttacksTest {
  private static final String TASKS = "/api/alice/tasks";

  private TestTls tls;
  private TestService service;

  @BeforeAll
  void start(@TempDir Path folder) {
    tls = new TestTls(folder);
    service =
        Http2Test.service(
            tls,
            Map.of(
                "taskport.http.request-deadline", "500ms", "micronaut.server.idle-timeout", "3s"));
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @AfterEach
  void othersAreServedAndNothingIsHeld() throws IOException {
    try (Http2Connection other = Http2Connection.open(service, tls)) {
      other.request(1, "GET", "/");
      assertEquals(200, other.answer(1).status());
    }
    BytesInFlight inFlight = service.bean(BytesInFlight.class);
    assertTrue(waitFor(() -> inFlight.sum() == 0), () -> inFlight.sum() + " bytes are held");
  }

  static boolean waitFor(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      LockSupport.parkNanos(5_000_000);
    }
    return true;
  }

  private interface Step {
    void run(int number) throws IOException;
  }

  /** Repeats the step until the connection is closed, at most so often; whether it was closed. */
  private static boolean closes(Http2Connection connection, int most, Step step)
      throws IOException {
    try {
      for (int i = 0; i < most; i++) {
        step.run(i);
      }
    } catch (SocketException e) {
      return true;
    }
    return connection.awaitEnd() == Http2Error.ENHANCE_YOUR_CALM.code();
  }

  @Test
  void resetsOneAfterTheOtherCloseTheConnection() throws IOException {
    try (Http2Connection connection = Http2Connection.open(service, tls)) {
      assertTrue(
          closes(
              connection,
              1000,
              i -> {
                connection.request(1 + 2 * i, "GET", TASKS);
                connection.reset(1 + 2 * i);
              }));
    }
  }

  @Test
  void resetsProvokedFromTheServiceCloseTheConnection() throws IOException {
    try (Http2Connection connection = Http2Connection.open(service, tls)) {
      byte[] none = ByteBuffer.allocate(4).array(); // a grant of nothing is an error
      assertTrue(
          closes(
              connection,
              1000,
              i -> {
                connection.request(1 + 2 * i, "GET", TASKS);
                connection.frame(Http2FrameTypes.WINDOW_UPDATE, 0, 1 + 2 * i, none);
              }));
    }
  }

  @ParameterizedTest
  @ValueSource(
      bytes = {
        Http2FrameTypes.SETTINGS,
        Http2FrameTypes.PING,
        Http2FrameTypes.PRIORITY,
        Http2FrameTypes.WINDOW_UPDATE,
        0x42
      })
  void framesThatCarryNoRequestCloseTheConnection(byte type) throws IOException {
    byte[] payload =
        switch (type) {
          case Http2FrameTypes.PRIORITY -> new byte[] {0, 0, 0, 5, 1};
          case Http2FrameTypes.PING -> new byte[8];
          case Http2FrameTypes.WINDOW_UPDATE -> new byte[] {0, 0, 0, 1};
          default -> new byte[0];
        };
    try (Http2Connection connection = Http2Connection.open(service, tls)) {
      assertTrue(
          closes(
              connection,
              20_000,
              i -> connection.frame(type, 0, type == Http2FrameTypes.PRIORITY ? 3 : 0, payload)));
    }
  }

  @Test
  void tinyPiecesOfABodyCloseTheConnection() throws IOException {
    try (Http2Connection connection = Http2Connection.open(service, tls)) {
      connection.headers(1, false, request("POST", TASKS, "content-type", "application/json"));
      assertTrue(closes(connection, 20_000, i -> connection.data(1, " ", false)));
    }
  }

  @Test
  void emptyPiecesOfABodyCloseTheConnection() throws IOException {
    try (Http2Connection connection = Http2Connection.open(service, tls)) {
      connection.headers(1, false, request("POST", TASKS, "content-type", "application/json"));
      assertTrue(closes(connection, 20_000, i -> connection.data(1, "", false)));
    }
  }

  @Test
  void continuationsWithoutEndCloseTheConnection() throws IOException {
    try (Http2Connection connection = Http2Connection.open(service, tls)) {
      connection.frame(Http2FrameTypes.HEADERS, 0, 1, block(request("GET", "/")));
      byte[] field = block("x-a", "b");
      assertTrue(
          closes(
              connection,
              20_000,
              i -> connection.frame(Http2FrameTypes.CONTINUATION, 0, 1, field)));
    }
  }

  @Test
  void headersThatDecompressToManyTimesTheirLengthAreRefused() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    bomb.writeBytes(block(request("GET", "/")));
    byte[] literal = block("x-bomb", "b".repeat(3900));
    literal[0] = 0x40; // into the dynamic table
    bomb.writeBytes(literal);
    byte[] references = new byte[8_000];
    Arrays.fill(references, (byte) (0x80 | 62)); // the first entry of the dynamic table
    bomb.writeBytes(references);
    try (Http2Connection connection = Http2Connection.open(service, tls)) {
      connection.frame(
          Http2FrameTypes.HEADERS,
          Http2Connection.END_HEADERS | Http2Connection.END_STREAM,
          1,
          bomb.toByteArray());
      assertEquals(431, connection.answer(1).status());
    }
  }

  @Test
  void answersAreNotKeptForAClientThatAllowsALargeTable() throws IOException {
    try (Http2Connection connection = Http2Connection.open(service, tls)) {
      connection.setting(Http2Connection.HEADER_TABLE_SIZE, 1 << 30);
      connection.request(1, "GET", "/");
      Frame headers = connection.await(Http2FrameTypes.HEADERS);
      // It begins with the sizes of the table: the one that is allowed, and the one that is used.
      byte[] sizes = {
        0x3f, (byte) 0xe1, (byte) 0xff, (byte) 0xff, (byte) 0xff, 3, 0x3f, (byte) 0xe1, 31
      };
      assertArrayEquals(sizes, Arrays.copyOf(headers.bytes(), sizes.length));
    }
  }

  @Test
  void aSecondRequestInTheTrailersOfTheFirstIsRefused() throws IOException {
    try (Http2Connection connection = Http2Connection.open(service, tls)) {
      connection.headers(1, false, request("POST", TASKS, "content-type", "application/json"));
      connection.headers(1, true, request("GET", "/api/bob/tasks"));
      Answer refused = connection.answer(1);
      assertEquals(0, refused.status());
      assertEquals(Http2Error.PROTOCOL_ERROR.code(), refused.reset());
    }
  }

  @Test
  void moreStreamsThanAllowedAreRefused() throws IOException {
    try (Http2Connection connection = Http2Connection.open(service, tls)) {
      for (int i = 0; i <= 100; i++) {
        connection.headers(
            1 + 2 * i, false, request("POST", TASKS, "content-type", "application/json"));
      }
      assertEquals(Http2Error.REFUSED_STREAM.code(), connection.answer(201).reset());
    }
  }

  @Test
  void aBodyThatTricklesIsCutOffAndTheConnectionIsNot() throws IOException {
    try (Http2Connection connection = Http2Connection.open(service, tls)) {
      connection.headers(1, false, request("POST", TASKS, "content-type", "application/json"));
      connection.data(1, "{\"title\"", false);
      Answer cut = connection.answer(1);
      assertEquals(Http2Error.CANCEL.code(), cut.reset());
      assertEquals(0, cut.status());
      connection.request(3, "GET", "/");
      assertEquals(200, connection.answer(3).status());
    }
  }

  @Test
  void bodiesThatTrickleLeaveAPlaceForOthersInTheEnd() throws IOException {
    try (Http2Connection connection = Http2Connection.open(service, tls)) {
      for (int i = 0; i < 40; i++) {
        connection.headers(
            1 + 2 * i, false, request("POST", TASKS, "content-type", "application/json"));
      }
      connection.request(101, "GET", "/");
      assertEquals(200, connection.answer(101).status());
    }
  }

  @Test
  void aFrameThatTricklesClosesTheConnection() throws IOException {
    byte[] head = block(request("GET", "/"));
    try (Http2Connection connection = Http2Connection.open(service, tls)) {
      connection.frame(Http2FrameTypes.HEADERS, Http2Connection.END_STREAM, 1, head);
      assertEquals(Http2Error.ENHANCE_YOUR_CALM.code(), connection.awaitEnd());
    }
    try (Http2Connection connection = Http2Connection.open(service, tls)) {
      connection.bytes(new byte[] {0, 0, 100, Http2FrameTypes.HEADERS, 5, 0, 0, 0, 1});
      assertEquals(Http2Error.ENHANCE_YOUR_CALM.code(), connection.awaitEnd());
    }
    try (Http2Connection connection = Http2Connection.silent(service, tls)) {
      connection.bytes("PRI * HTTP/2.0\r\n".getBytes(StandardCharsets.US_ASCII));
      int unused = connection.awaitEnd();
    }
  }

  @Tag("full")
  @Test
  void aConnectionWithoutRequestsIsClosedInTheEnd() throws IOException {
    try (Http2Connection connection = Http2Connection.silent(service, tls)) {
      int unused = connection.awaitEnd();
    }
    try (Http2Connection connection = Http2Connection.open(service, tls)) {
      connection.request(1, "GET", "/");
      assertEquals(200, connection.answer(1).status());
      assertEquals(Http2Error.NO_ERROR.code(), connection.awaitEnd());
    }
  }

  @Test
  void whatIsNotHttp2ClosesTheConnection() throws IOException {
    try (Http2Connection connection = Http2Connection.silent(service, tls)) {
      connection.bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      Frame first = connection.read();
      assertFalse(first != null && first.type() == Http2FrameTypes.HEADERS);
      int unused = connection.awaitEnd();
    }
  }
}
