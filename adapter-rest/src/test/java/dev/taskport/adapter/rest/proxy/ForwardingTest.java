package dev.taskport.adapter.rest.proxy;

import static dev.taskport.adapter.rest.ProblemAssertions.assertProblem;
import static dev.taskport.adapter.rest.TestService.head;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.adapter.rest.RawAnswer;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.adapter.rest.ratelimit.HandClock;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who the client is, and which host it asked for, when proxies stand in between. The address shows
 * in whose rate limit a request counts. The proxy is 127.0.0.1, and anybody else 127.0.0.2.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForwardingTest {
  private static final String PROXY = "127.0.0.1";
  private static final String NOBODY = "127.0.0.2";

  private final TestService service =
      new TestService(
          new InMemoryTaskRepository(),
          Map.of(
              "taskport.proxy.trusted",
              List.of("127.0.0.1", "10.0.0.0/8", "2001:db8:cafe::/48"),
              "taskport.http.allowed-hosts",
              List.of("tasks.example"),
              "taskport.rate-limit.requests",
              100_000,
              "taskport.rate-limit.period",
              "24h"),
          new HandClock());

  @AfterAll
  void stop() {
    service.close();
  }

  private RawAnswer get(String peer, String target, String host, String... headers)
      throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("GET " + target + " HTTP/1.1");
    lines.add("Host: " + host);
    lines.add("Connection: close");
    lines.addAll(List.of(headers));
    URI uri = service.uri("/");
    try (Socket socket = new Socket(uri.getHost(), uri.getPort(), InetAddress.getByName(peer), 0)) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(head(lines.toArray(String[]::new)).getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return RawAnswer.all(socket.getInputStream().readAllBytes()).get(0);
    }
  }

  private long remaining(String peer, String... headers) throws IOException {
    RawAnswer answer = get(peer, "/api/ann/tasks", "localhost", headers);
    assertEquals(200, answer.status(), answer.toString());
    return Long.parseLong(
        String.valueOf(answer.header("RateLimit")).replaceAll(".*;r=([0-9]+);.*", "$1"));
  }

  /**
   * That a request counts for the client that one with {@code X-Forwarded-For} alone counts for.
   */
  private void assertClient(String client, String peer, String... headers) throws IOException {
    String[] plain =
        client.equals(PROXY) ? new String[0] : new String[] {"X-Forwarded-For: " + client};
    long before = remaining(PROXY, plain);
    long own = remaining(peer, headers);
    assertEquals(before - 1, own, client + " is not the client of " + List.of(headers));
    assertEquals(before - 2, remaining(PROXY, plain));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          203.0.113.7  | 203.0.113.7
          203.0.113.7  | 203.0.113.7:4711
          203.0.113.7  | ::ffff:203.0.113.7
          203.0.113.7  | 192.0.2.1, 203.0.113.7
          203.0.113.7  | made up, 203.0.113.7
          203.0.113.7  | 203.0.113.7, 10.1.2.3
          203.0.113.7  | 192.0.2.1, 203.0.113.7,10.1.2.3 , 2001:db8:cafe::9, 127.0.0.1
          203.0.113.7  | , 203.0.113.7 ,,
          10.9.9.9     | 10.9.9.9, 10.1.2.3
          2001:db8::1  | 2001:db8::1
          2001:db8::1  | [2001:DB8::1]:443
          2001:db8::1  | 2001:db8:0:0:ffff:ffff:ffff:ffff
          """)
  void theFirstAddressFromTheRightThatIsNotTrustedIsTheClient(String client, String header)
      throws IOException {
    assertClient(client, PROXY, "X-Forwarded-For: " + header);
  }

  @Test
  void severalLinesAreOneList() throws IOException {
    assertClient(
        "203.0.113.7",
        PROXY,
        "X-Forwarded-For: 192.0.2.1",
        "X-Forwarded-For: 192.0.2.2, 203.0.113.7",
        "X-Forwarded-For: 10.1.2.3");
    assertClient("203.0.113.7", PROXY, "Forwarded: for=192.0.2.1", "Forwarded: for=203.0.113.7");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          203.0.113.7  | for=203.0.113.7
          203.0.113.7  | For="203.0.113.7:4711"
          203.0.113.7  | for=203.0.113.7;proto=https;by=10.1.2.3;host=tasks.example
          203.0.113.7  | proto=https;for=203.0.113.7 , for=10.1.2.3;x="a\\"b,;"
          203.0.113.7  | for=192.0.2.1, for=203.0.113.7
          203.0.113.7  | for=unknown, for=203.0.113.7
          2001:db8::1  | for="[2001:db8::1]:4711"
          2001:db8::1  | for="[2001:db8::1]", for="[2001:db8:cafe::1]"
          127.0.0.1    | for=unknown
          127.0.0.1    | for=_hidden
          127.0.0.1    | for=203.0.113.7, proto=https
          """)
  void theStandardHeaderIsReadLikewise(String client, String header) throws IOException {
    assertClient(client, PROXY, "Forwarded: " + header);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-For: unknown",
        "X-Forwarded-For: 203.0.113.7, localhost",
        "X-Forwarded-For: 203.0.113.7, 1.2.3.4.5",
        "X-Forwarded-For: 203.0.113.256",
        "X-Forwarded-For: 203.0.113.7:x",
        "X-Forwarded-For: [2001:db8::1",
        "X-Forwarded-For: 2001:db8::1%eth0",
        "X-Forwarded-For: \u0000",
        "X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Host: a/b",
        "X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Host:",
        "X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Prefix: //a",
        "Forwarded: 203.0.113.7",
        "Forwarded: for=",
        "Forwarded: for=203.0.113.7;",
        "Forwarded: for=203.0.113.7;for=203.0.113.8",
        "Forwarded: for=\"203.0.113.7",
        "Forwarded: for=\"\\",
        "Forwarded: for=\"nowhere.example\"",
        "Forwarded: for=[2001:db8::1]",
        "Forwarded: for=203.0.113.7;host=\"a b\"",
        "Forwarded: for=203.0.113.7 for=203.0.113.8",
        "X-Forwarded-For: 203.0.113.7\r\nForwarded: for=203.0.113.8",
        "X-Forwarded-For: 203.0.113.7\r\nForwarded: for=203.0.113.7;host=tasks.example",
        "X-Forwarded-For: 203.0.113.7\r\nForwarded: nonsense"
      })
  void whatIsMalformedOrContradictsItselfIsIgnoredAsAWhole(String headers) throws IOException {
    if (headers.indexOf('\u0000') >= 0) {
      assertEquals(400, get(PROXY, "/api/ann/tasks", "localhost", headers).status());
    } else {
      assertClient(PROXY, PROXY, headers.split("\r\n", -1));
    }
  }

  @Test
  void bothHeadersAreBelievedWhenTheySayTheSame() throws IOException {
    assertClient(
        "203.0.113.7",
        PROXY,
        "X-Forwarded-For: 192.0.2.1, 203.0.113.7",
        "X-Forwarded-Host: Tasks.Example",
        "Forwarded: for=\"203.0.113.7:80\";host=tasks.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-For: 203.0.113.7",
        "X-Forwarded-For: 127.0.0.1",
        "Forwarded: for=203.0.113.7",
        "taskport-client: 203.0.113.7",
        "X-Real-IP: 203.0.113.7"
      })
  void fromAnybodyElseTheyAreIgnored(String header) throws IOException {
    long before = remaining(NOBODY);
    assertEquals(before - 1, remaining(NOBODY, header));
  }

  @Test
  void whatCarriesTheAddressInsideCannotBeForged() throws IOException {
    assertClient("203.0.113.7", PROXY, "X-Forwarded-For: 203.0.113.7", "taskport-client: 10.0.0.1");
    assertClient(PROXY, PROXY, "taskport-client: 203.0.113.7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-Host: tasks.example",
        "X-Forwarded-Host: evil.example, Tasks.Example:443",
        "Forwarded: for=203.0.113.7;host=tasks.example",
        "Forwarded: for=192.0.2.1;host=evil.example, for=203.0.113.7;host=\"tasks.example:443\"",
      })
  void theHostThatATrustedProxyWasAskedForTakesThePlaceOfTheHost(String header) throws IOException {
    assertEquals(200, get(PROXY, "/", "upstream", header).status());
    assertEquals(421, get(NOBODY, "/", "upstream", header).status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-Host: evil.example",
        "X-Forwarded-Host: tasks.example, evil.example",
        "Forwarded: host=evil.example",
        "Forwarded: for=203.0.113.7;host=localhost.evil.example"
      })
  void andMustBeAnAllowedOneItself(String header) throws IOException {
    assertProblem(
        get(PROXY, "/api/ann/tasks", "localhost", header),
        421,
        "Misdirected Request",
        "The request is for another host than this service; its setting ALLOWED_HOSTS lists the"
            + " names it goes by");
    assertEquals(200, get(NOBODY, "/api/ann/tasks", "localhost", header).status());
  }

  @Test
  void aRequestWithoutOneHostIsRefusedAsEver() throws IOException {
    assertEquals(
        400,
        get(PROXY, "/", "localhost", "Host: localhost", "X-Forwarded-Host: tasks.example")
            .status());
  }
}
