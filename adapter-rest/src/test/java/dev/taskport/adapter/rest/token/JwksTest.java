package dev.taskport.adapter.rest.token;

import static dev.taskport.adapter.rest.ProblemAssertions.assertProblem;
import static dev.taskport.adapter.rest.token.TestTokens.SECRET;
import static dev.taskport.adapter.rest.token.TestTokens.base64;
import static dev.taskport.adapter.rest.token.TestTokens.claims;
import static dev.taskport.adapter.rest.token.TestTokens.ed25519;
import static dev.taskport.adapter.rest.token.TestTokens.header;
import static dev.taskport.adapter.rest.token.TestTokens.hmac;
import static dev.taskport.adapter.rest.token.TestTokens.jwk;
import static dev.taskport.adapter.rest.token.TestTokens.keySet;
import static dev.taskport.adapter.rest.token.TestTokens.p256;
import static dev.taskport.adapter.rest.token.TestTokens.rsa;
import static dev.taskport.adapter.rest.token.TestTokens.signed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.net.http.HttpResponse;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Tokens by the keys of a key set, which comes and goes. */
class JwksTest {
  private static final KeyPair RSA = rsa(2048);
  private static final KeyPair P256 = p256();
  private static final KeyPair ED25519 = ed25519();

  private final JwksServer keys = new JwksServer();
  private @Nullable TestService service;

  @AfterEach
  void stop() {
    if (service != null) {
      service.close();
    }
    keys.close();
  }

  /** A service that may ask for keys whenever it likes. */
  private TestService service() {
    return service(null, Map.of());
  }

  private TestService service(@Nullable String secret, Map<String, Object> properties) {
    Map<String, Object> all = new HashMap<>();
    all.put("taskport.tokens.jwks-min-interval", "0s");
    all.putAll(properties);
    TestService started =
        new TestService(
            new InMemoryTaskRepository(),
            all,
            new TokenSettings(secret, keys.address(), "sub", null, null, Duration.ofSeconds(30)));
    service = started;
    return started;
  }

  private static HttpResponse<String> alicesTasks(TestService service, String token) {
    return service.get("/api/alice/tasks", "Authorization", "Bearer " + token);
  }

  private static String alice(KeyPair pair, String algorithm, @Nullable String id) {
    return signed(pair.getPrivate(), header(algorithm, id), claims("alice"));
  }

  private static void assertInvalid(HttpResponse<String> answer) {
    assertProblem(401, "Unauthorized", "The session is not valid; sign in again", answer);
    assertEquals(
        "Bearer realm=\"taskport\", error=\"invalid_token\"",
        answer.headers().firstValue("WWW-Authenticate").orElse("none"));
  }

  private static void assertUnavailable(HttpResponse<String> answer) {
    assertProblem(
        503, "Service Unavailable", "The service can't check tokens now; try again soon", answer);
    assertEquals("2", answer.headers().firstValue("Retry-After").orElse("none"));
    assertTrue(answer.headers().firstValue("WWW-Authenticate").isEmpty());
  }

  static Stream<KeyPair> pairs() {
    return Stream.of(RSA, P256, ED25519);
  }

  private static String algorithm(KeyPair pair) {
    return switch (pair.getPublic().getAlgorithm()) {
      case "RSA" -> "RS256";
      case "EC" -> "ES256";
      default -> "EdDSA";
    };
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aKeyOfTheSetVerifiesTokensOfItsKind(KeyPair pair) {
    keys.serve(keySet(jwk(pair.getPublic(), "\"kid\":\"1\"")));
    TestService service = service();

    assertEquals(200, alicesTasks(service, alice(pair, algorithm(pair), "1")).statusCode());
    String forged = alice(pair, algorithm(pair), "1");
    String other = signed(pair.getPrivate(), header(algorithm(pair), "1"), claims("bob"));
    assertInvalid(
        alicesTasks(
            service,
            forged.substring(0, forged.lastIndexOf('.'))
                + other.substring(other.lastIndexOf('.'))));
    String begun = alice(pair, algorithm(pair), "1");
    assertInvalid(alicesTasks(service, begun.substring(0, begun.lastIndexOf('.') + 1) + "AAAA"));
    assertInvalid(
        alicesTasks(
            service, begun.substring(0, begun.lastIndexOf('.') + 1) + base64(new byte[64])));
    assertInvalid(
        alicesTasks(
            service, begun.substring(0, begun.lastIndexOf('.') + 1) + base64(new byte[256])));
  }

  @Test
  void theNewNameOfEddsaIsKnown() {
    keys.serve(keySet(jwk(ED25519.getPublic(), "\"kid\":\"1\",\"alg\":\"Ed25519\"")));

    assertEquals(200, alicesTasks(service(), alice(ED25519, "Ed25519", "1")).statusCode());
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aTokenThatNamesNoKeyIsTriedWithAllOfItsKind(KeyPair pair) {
    keys.serve(
        keySet(
            jwk(rsa(2048).getPublic(), "\"kid\":\"0\""),
            jwk(RSA.getPublic(), "\"kid\":\"1\""),
            jwk(P256.getPublic(), ""),
            jwk(ED25519.getPublic(), "\"kid\":\"1\"")));

    TestService service = service();
    assertEquals(200, alicesTasks(service, alice(pair, algorithm(pair), null)).statusCode());
    assertInvalid(alicesTasks(service, alice(rsa(2048), "RS256", null)));
  }

  @Test
  void eachAlgorithmHasItsOwnKeys() {
    String secretAsKey =
        "{\"kty\":\"oct\",\"kid\":\"s\",\"k\":\"%s\"}"
            .formatted(base64("an-oct-key-of-more-than-thirty-two-bytes"));
    keys.serve(keySet(jwk(RSA.getPublic(), "\"kid\":\"1\""), secretAsKey));
    TestService service = service(SECRET, Map.of());

    assertEquals(200, alicesTasks(service, alice(RSA, "RS256", "1")).statusCode());
    assertEquals(200, alicesTasks(service, TestTokens.of("alice")).statusCode());
    byte[] modulus = java.util.Base64.getUrlDecoder().decode(modulus(RSA.getPublic()));
    for (byte[] key :
        List.of(
            RSA.getPublic().getEncoded(),
            jwk(RSA.getPublic(), "\"kid\":\"1\"").getBytes(UTF_8),
            modulus,
            "an-oct-key-of-more-than-thirty-two-bytes".getBytes(UTF_8))) {
      for (String id : new @Nullable String[] {null, "1", "s"}) {
        assertInvalid(
            alicesTasks(service, hmac("HmacSHA256", key, header("HS256", id), claims("alice"))));
      }
    }
    assertInvalid(
        alicesTasks(
            service,
            hmac("HmacSHA256", SECRET.getBytes(UTF_8), header("RS256", "1"), claims("alice"))));
  }

  private static String modulus(PublicKey key) {
    String jwk = jwk(key, "");
    return jwk.substring(jwk.indexOf("\"n\":\"") + 5, jwk.indexOf("\",\"e\""));
  }

  @Test
  void withoutASecretNoTokenOfASecretIsGood() {
    keys.serve(keySet(jwk(RSA.getPublic(), "\"kid\":\"1\"")));
    TestService service = service();

    assertInvalid(alicesTasks(service, TestTokens.of("alice")));
    assertInvalid(
        alicesTasks(
            service,
            hmac(
                "HmacSHA256",
                RSA.getPublic().getEncoded(),
                header("HS256", "1"),
                claims("alice"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "use":"sig","alg":"RS256","key_ops":["verify"] | 200
          "use":"enc"                                    | 401
          "key_ops":["encrypt"]                          | 401
          "key_ops":["sign"]                             | 401
          "key_ops":[]                                   | 401
          "alg":"RS512"                                  | 401
          "alg":"PS256"                                  | 401
          "alg":"RSA-OAEP"                               | 401
          "alg":"HS256"                                  | 401
          """)
  void whatAKeyIsForIsRespected(String purpose, int status) {
    keys.serve(keySet(jwk(RSA.getPublic(), "\"kid\":\"1\"," + purpose)));

    assertEquals(status, alicesTasks(service(), alice(RSA, "RS256", "1")).statusCode());
  }

  @Test
  void aWeakKeyIsNone() {
    KeyPair weak = rsa(1024);
    keys.serve(keySet(jwk(weak.getPublic(), "\"kid\":\"1\""), jwk(P256.getPublic(), "")));
    TestService service = service();

    assertInvalid(alicesTasks(service, alice(weak, "RS256", "1")));
    assertEquals(200, alicesTasks(service, alice(P256, "ES256", null)).statusCode());
  }

  @Test
  void keysThatNobodyKnowsDoNotCostTheOthers() {
    keys.serve(
        keySet(
            "{\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\",\"pub\":\"AA\"}",
            "{}",
            "{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"AQAB\"}",
            "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}",
            "{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AA\",\"y\":\"AA\"}",
            "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\"}",
            "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA\"}",
            jwk(RSA.getPublic(), "\"kid\":\"1\"")));

    assertEquals(200, alicesTasks(service(), alice(RSA, "RS256", "1")).statusCode());
  }

  @Test
  void aTokenOfAnotherAlgorithmOfTheSameKeyIsRefused() {
    keys.serve(keySet(jwk(RSA.getPublic(), "\"kid\":\"1\"")));
    TestService service = service();

    for (String algorithm : new String[] {"RS384", "RS512", "PS256", "ES256", "EdDSA", "none"}) {
      assertInvalid(alicesTasks(service, alice(RSA, algorithm, "1")));
    }
  }

  @Test
  void aRotatedKeyIsFetchedAndAWithdrawnOneForgotten() {
    keys.serve(keySet(jwk(RSA.getPublic(), "\"kid\":\"1\"")));
    TestService service = service();
    assertEquals(200, alicesTasks(service, alice(RSA, "RS256", "1")).statusCode());

    keys.serve(keySet(jwk(P256.getPublic(), "\"kid\":\"2\"")));

    assertEquals(200, alicesTasks(service, alice(P256, "ES256", "2")).statusCode());
    assertInvalid(alicesTasks(service, alice(RSA, "RS256", "1")));
  }

  @Test
  void aRotatedKeyThatTokensDoNotNameIsFetchedToo() {
    keys.serve(keySet(jwk(RSA.getPublic(), "")));
    TestService service = service();
    assertEquals(200, alicesTasks(service, alice(RSA, "RS256", null)).statusCode());
    KeyPair next = rsa(2048);

    keys.serve(keySet(jwk(next.getPublic(), "")));

    assertEquals(200, alicesTasks(service, alice(next, "RS256", null)).statusCode());
  }

  @Test
  void unknownKeysDoNotFloodTheKeySetsServer() {
    keys.serve(keySet(jwk(RSA.getPublic(), "\"kid\":\"1\"")));
    TestService service = service(null, Map.of("taskport.tokens.jwks-min-interval", "1h"));
    assertEquals(200, alicesTasks(service, alice(RSA, "RS256", "1")).statusCode());

    for (int i = 0; i < 20; i++) {
      assertInvalid(alicesTasks(service, alice(RSA, "RS256", "unknown-" + i)));
    }

    assertEquals(1, keys.requests());
  }

  @Test
  void aKnownKeyIsNotAskedForAgain() {
    keys.serve(keySet(jwk(RSA.getPublic(), "\"kid\":\"1\"")));
    TestService service = service();
    assertEquals(200, alicesTasks(service, alice(RSA, "RS256", "1")).statusCode());
    int before = keys.requests();

    for (int i = 0; i < 20; i++) {
      assertEquals(200, alicesTasks(service, alice(RSA, "RS256", "1")).statusCode());
      assertInvalid(alicesTasks(service, alice(P256, "RS256", "1")));
    }

    assertEquals(before, keys.requests());
  }

  @Test
  void knownKeysGoOnWorkingDuringAnOutageWhichIsLoggedOnce() {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(JwksTokenVerifier.class);
    log.start();
    logger.addAppender(log);
    logger.setLevel(Level.INFO);
    try {
      keys.serve(keySet(jwk(RSA.getPublic(), "\"kid\":\"1\"")));
      TestService service = service();
      assertEquals(200, alicesTasks(service, alice(RSA, "RS256", "1")).statusCode());

      keys.serve(500, "down");
      for (int i = 0; i < 5; i++) {
        assertEquals(200, alicesTasks(service, alice(RSA, "RS256", "1")).statusCode());
        assertUnavailable(alicesTasks(service, alice(P256, "ES256", "2")));
        assertInvalid(alicesTasks(service, alice(P256, "RS256", "1")));
        assertInvalid(alicesTasks(service, "a.b.c"));
      }
      keys.serve(
          keySet(jwk(RSA.getPublic(), "\"kid\":\"1\""), jwk(P256.getPublic(), "\"kid\":\"2\"")));
      assertEquals(200, alicesTasks(service, alice(P256, "ES256", "2")).statusCode());
      assertEquals(200, alicesTasks(service, alice(RSA, "RS256", "1")).statusCode());
    } finally {
      logger.detachAppender(log);
      logger.setLevel(null);
    }
    List<String> lines =
        log.list.stream()
            .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
            .map(ILoggingEvent::getFormattedMessage)
            .toList();
    assertEquals(
        List.of(
            "The keys of tokens can't be read from %s (the answer is of status 500); 1 known go on working"
                .formatted(keys.address()),
            "The keys of tokens can be read again from " + keys.address()),
        lines);
  }

  @Test
  void theServiceStartsWithoutTheKeySetAndUsesItOnceItIsThere() {
    keys.serve(503, "");
    TestService service = service(SECRET, Map.of());

    assertEquals(200, alicesTasks(service, TestTokens.of("alice")).statusCode());
    assertUnavailable(alicesTasks(service, alice(RSA, "RS256", "1")));
    assertInvalid(alicesTasks(service, "a.b.c"));
    assertEquals(200, service.get("/health", "Authorization", "Bearer a.b.c").statusCode());

    keys.serve(keySet(jwk(RSA.getPublic(), "\"kid\":\"1\"")));

    assertEquals(200, alicesTasks(service, alice(RSA, "RS256", "1")).statusCode());
  }

  @Test
  void aKeySetThatNobodyServesIsUnavailable() {
    keys.close();

    assertUnavailable(alicesTasks(service(), alice(RSA, "RS256", "1")));
  }

  static Stream<String> noKeySets() {
    return Stream.of(
        "",
        "no JSON",
        "[]",
        "{}",
        "{\"keys\":null}",
        "{\"keys\":7}",
        "{\"keys\":[7]}",
        "<html></html>",
        "[".repeat(100_000),
        // Larger than any that is honest; the key in it would be good.
        "{\"x\":\"" + "x".repeat(300_000) + "\"," + keySet(jwk(RSA.getPublic(), "")).substring(1));
  }

  @ParameterizedTest
  @MethodSource("noKeySets")
  void whatIsNoKeySetIsUnavailable(String body) {
    keys.serve(body);

    assertUnavailable(alicesTasks(service(), alice(RSA, "RS256", null)));
  }

  @Test
  void aRedirectionIsNotFollowed() {
    keys.redirect();

    assertUnavailable(alicesTasks(service(), alice(RSA, "RS256", null)));
  }

  @Test
  void aSlowKeySetIsGivenUpAndHoldsUpNobodyElse() {
    keys.drip();
    TestService service = service(SECRET, Map.of("taskport.tokens.jwks-timeout", "1s"));

    List<CompletableFuture<HttpResponse<String>>> waiting =
        IntStream.range(0, 50)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> alicesTasks(service, alice(RSA, "RS256", "1")),
                        task -> new Thread(task).start()))
            .toList();
    for (int i = 0; i < 20; i++) {
      assertEquals(200, alicesTasks(service, TestTokens.of("alice")).statusCode());
    }
    waiting.forEach(answer -> assertUnavailable(answer.join()));
  }

  @Test
  void requestsAtTheSameTimeShareOneFetch() {
    keys.hold(keySet(jwk(RSA.getPublic(), "\"kid\":\"1\"")));
    TestService service = service();

    List<CompletableFuture<HttpResponse<String>>> waiting =
        IntStream.range(0, 30)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> alicesTasks(service, alice(RSA, "RS256", "1")),
                        task -> new Thread(task).start()))
            .toList();
    for (int i = 0; i < 50; i++) {
      assertEquals(200, service.get("/").statusCode());
    }
    keys.release();
    waiting.forEach(answer -> assertEquals(200, answer.join().statusCode()));

    assertEquals(1, keys.requests());
  }
}
