package dev.taskport.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The service with a certificate of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsIT {
  private static final String LAST = head("GET /health HTTP/1.1", "Host: a", "Connection: close");

  @TempDir private static Path folder;
  private TestCertificate certificate;
  private TaskportProcess service;
  private URI uri;

  private static Map<String, String> install(Path folder, String chain, String key)
      throws IOException {
    Files.writeString(folder.resolve("fullchain.pem"), chain);
    Files.writeString(folder.resolve("privkey.pem"), key);
    return Map.of("TLS_CERTIFICATE", "fullchain.pem", "TLS_KEY", "privkey.pem");
  }

  @BeforeAll
  void start() throws IOException {
    certificate = TestCertificate.issued(folder);
    PreparedData.in(folder);
    service =
        TaskportProcess.running(
            folder,
            install(folder, String.join("", certificate.chain()), certificate.traditionalKey()));
    uri = service.awaitListening();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  private static String head(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  private static HttpResponse<String> get(TestCertificate trusted, URI uri, String path)
      throws IOException, InterruptedException {
    return HttpClient.newBuilder()
        .sslContext(trusted.client())
        .build()
        .send(
            HttpRequest.newBuilder(uri.resolve(path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private SSLSocket socket(TestCertificate trusted) throws IOException {
    SSLSocket socket =
        (SSLSocket) trusted.client().getSocketFactory().createSocket(uri.getHost(), uri.getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private String raw(String request) throws IOException {
    try (SSLSocket socket = socket(certificate)) {
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  @Test
  void aClientThatTrustsTheAuthorityIsServedAndToldToStayWithTls()
      throws IOException, InterruptedException {
    HttpResponse<String> answer = get(certificate, uri, "/api/user123/tasks");

    assertEquals("https", uri.getScheme());
    assertEquals(200, answer.statusCode());
    assertEquals(
        "max-age=31536000", answer.headers().firstValue("Strict-Transport-Security").orElse(""));
    assertEquals(HttpClient.Version.HTTP_2, answer.version());
  }

  @Tag("full")
  @Test
  void anRsaCertificateWorksAsWell(@TempDir Path other) throws IOException, InterruptedException {
    TestCertificate rsa = TestCertificate.selfSigned(other, "RSA");
    try (TaskportProcess another =
        TaskportProcess.running(other, install(other, rsa.chain().get(0), rsa.traditionalKey()))) {
      assertEquals(200, get(rsa, another.awaitListening(), "/health").statusCode());
    }
  }

  @Tag("full")
  @Test
  void aRenewedCertificateIsServedWithoutARestart(@TempDir Path other)
      throws IOException, InterruptedException {
    TestCertificate former = TestCertificate.selfSigned(other, "RSA");
    TestCertificate renewed = TestCertificate.selfSigned(other, "EC");
    try (TaskportProcess another =
        TaskportProcess.running(other, install(other, former.chain().get(0), former.key()))) {
      URI address = another.awaitListening();

      install(other, renewed.chain().get(0), former.key()); // half of the renewal
      another.awaitOutput("The TLS certificate is not renewed: TLS_KEY: ");
      assertEquals(200, get(former, address, "/health").statusCode());

      install(other, renewed.chain().get(0), renewed.key());
      another.awaitOutput("The renewed TLS certificate is in use");
      awaitServed(renewed, address);
      assertThrows(SSLException.class, () -> get(former, address, "/health"));
    }
  }

  /** The log says it before the server has it. */
  private static void awaitServed(TestCertificate certificate, URI address)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try {
        assertEquals(200, get(certificate, address, "/health").statusCode());
        return;
      } catch (SSLException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }

  @Test
  void aClientThatTrustsAnotherIsNotServed(@TempDir Path other) {
    TestCertificate stranger = TestCertificate.selfSigned(other, "EC");
    assertThrows(SSLException.class, () -> get(stranger, uri, "/health"));
  }

  @Test
  void bothVersionsOfTlsWorkAndNoOlderOne() throws IOException {
    for (String version : List.of("TLSv1.3", "TLSv1.2")) {
      try (SSLSocket socket = socket(certificate)) {
        socket.setEnabledProtocols(new String[] {version});
        socket.startHandshake();
        assertEquals(version, socket.getSession().getProtocol());
      }
    }
    // Java's client has these switched off itself, so the hello is written by hand: TLS 1.1.
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.setSoTimeout(20_000);
      String body = "0302" + "00".repeat(32) + "00" + "0002c009" + "0100" + "0000";
      int length = body.length() / 2;
      String hello = "160301%04x01%06x%s".formatted(length + 4, length, body);
      socket.getOutputStream().write(HexFormat.of().parseHex(hello));
      byte[] answer = socket.getInputStream().readNBytes(7);
      assertEquals("15", HexFormat.of().formatHex(answer).substring(0, 2)); // an alert …
      assertEquals(70, answer[6]); // … that says: protocol version
    }
  }

  @Test
  void aCipherWithoutForwardSecrecyIsRefused() throws IOException {
    try (SSLSocket socket = socket(certificate)) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"});
      assertThrows(SSLException.class, socket::startHandshake);
    }
  }

  @Test
  void aRequestInPlainTextIsNotAnsweredAndNotLogged() throws IOException {
    String request = head("GET /health HTTP/1.1", "Host: a", "Authorization: Bearer s3cret-token");
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      assertFalse(answer.contains("HTTP/"), answer);
    }
    assertEquals("HTTP/1.1 200 OK", raw(LAST).lines().findFirst().orElseThrow());
    String hex = HexFormat.of().formatHex("s3cret-token".getBytes(ISO_8859_1));
    assertFalse(service.output().contains("s3cret"), service.output());
    assertFalse(service.output().contains(hex), service.output());
  }

  @Test
  void theIntakeStandsGuardBehindTls() throws IOException {
    String answers =
        raw(
            head(
                    "POST /api/user123/tasks HTTP/1.1",
                    "Host: a",
                    "Content-Type: application/json",
                    "Content-Length: 4",
                    "Transfer-Encoding: chunked")
                + "0\r\n\r\n"
                + head("GET /health HTTP/1.1", "Host: a"));
    assertTrue(answers.startsWith("HTTP/1.1 400 "), answers);
    assertFalse(answers.contains("healthy"), answers);

    String upgrade =
        head(
                "GET /health HTTP/1.1",
                "Host: a",
                "Connection: Upgrade, HTTP2-Settings",
                "Upgrade: h2c",
                "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA")
            + LAST;
    assertEquals(2, raw(upgrade).split("HTTP/1.1 200 OK", -1).length - 1);
  }

  @Test
  void aKeyOfAnotherCertificateStopsTheStartWithOneLine(@TempDir Path other) throws IOException {
    TestCertificate rsa = TestCertificate.selfSigned(other, "RSA");
    try (TaskportProcess refused =
        TaskportProcess.start(other, install(other, rsa.chain().get(0), certificate.key()))) {
      assertEquals(1, refused.awaitEnd());
      assertEquals(1, refused.output().lines().count(), refused.output());
      assertTrue(refused.output().startsWith("taskport: TLS_KEY: "), refused.output());
    }
  }
}
