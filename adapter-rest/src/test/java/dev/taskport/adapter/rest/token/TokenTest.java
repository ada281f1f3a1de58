package dev.taskport.adapter.rest.token;

import static dev.taskport.adapter.rest.ProblemAssertions.assertProblem;
import static dev.taskport.adapter.rest.token.TestTokens.HS256;
import static dev.taskport.adapter.rest.token.TestTokens.SECRET;
import static dev.taskport.adapter.rest.token.TestTokens.base64;
import static dev.taskport.adapter.rest.token.TestTokens.claims;
import static dev.taskport.adapter.rest.token.TestTokens.header;
import static dev.taskport.adapter.rest.token.TestTokens.hmac;
import static dev.taskport.adapter.rest.token.TestTokens.hs256;
import static dev.taskport.adapter.rest.token.TestTokens.jwk;
import static dev.taskport.adapter.rest.token.TestTokens.rsa;
import static dev.taskport.adapter.rest.token.TestTokens.seconds;
import static dev.taskport.adapter.rest.token.TestTokens.signed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.taskport.adapter.rest.OpenApiDocument;
import dev.taskport.adapter.rest.RawAnswer;
import dev.taskport.adapter.rest.TestService;
import dev.taskport.testkit.InMemoryTaskRepository;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Which tokens open the door, by a shared secret, and which don't. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenTest {
  private static final String BARE = "Bearer realm=\"taskport\"";
  private static final String INVALID = "Bearer realm=\"taskport\", error=\"invalid_token\"";
  private static final KeyPair RSA = rsa(2048);

  private final TestService service = secured(TestTokens.settings());

  @AfterAll
  void stop() {
    service.close();
  }

  private static TestService secured(TokenSettings settings) {
    return new TestService(new InMemoryTaskRepository(), Map.of(), settings);
  }

  private static HttpResponse<String> alicesTasks(TestService service, String token) {
    return service.get("/api/alice/tasks", "Authorization", "Bearer " + token);
  }

  private static void assertRefused(String challenge, HttpResponse<String> answer) {
    String detail = OpenApiDocument.parse(answer.body()).path("detail").asText();
    assertProblem(401, "Unauthorized", detail, answer);
    assertTrue(
        challenge.equals(BARE)
            ? detail.equals("Send a valid bearer token in the Authorization header")
            : detail.startsWith("The session ") && detail.contains("; "),
        detail);
    assertEquals(challenge, answer.headers().firstValue("WWW-Authenticate").orElse("none"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "sub":"alice","iss":"a","aud":"b","exp":-100 | The session has expired; sign in again | Expired JWT
          "sub":"alice","iss":"a","aud":"b" | The session is not valid; sign in again | The claim exp is missing
          "sub":"alice","iss":"a","aud":"b","exp":null | The session is not valid; sign in again | exp
          "sub":"alice","iss":"a","aud":"b","exp":60,"nbf":50 | The session is not valid yet; try again in a minute | before use time
          "sub":"alice","iss":"s3cret","aud":"b","exp":60 | The session belongs to a different service; sign in to this one | iss claim
          "sub":"alice","iss":"a","aud":"s3cret","exp":60 | The session belongs to a different service; sign in to this one | aud claim rejected
          "sub":" ","iss":"a","aud":"b","exp":60 | The session is not valid; sign in again | The claim sub holds no user id
          none | The session is not valid; sign in again | none of our keys has signed it
          """)
  void aRefusalSaysWhatThePersonCanDoAndTheLogSaysWhy(String claims, String detail, String why) {
    String resolved =
        Pattern.compile("\"(exp|nbf)\":(-?[0-9]+)")
            .matcher(claims)
            .replaceAll(m -> "\"" + m.group(1) + "\":" + seconds(Integer.parseInt(m.group(2))));
    String token = claims.equals("none") ? "x.y.s3cret" : hs256(HS256, "{" + resolved + "}");
    TokenSettings settings = new TokenSettings(SECRET, null, "sub", "a", "b", Duration.ZERO);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(TokenProblemHandlers.class);
    Level before = logger.getLevel();
    log.start();
    logger.setLevel(Level.DEBUG);
    logger.addAppender(log);
    try (TestService choosy = secured(settings)) {
      String path = "/api/alice/tasks";
      HttpResponse<String> answer =
          choosy.get(path, "Authorization", "Bearer " + token, "X-Request-ID", "the-request");

      assertProblem(401, "Unauthorized", detail, answer);
      assertEquals(INVALID, answer.headers().firstValue("WWW-Authenticate").orElse("none"));
      assertEquals(1, log.list.size());
      String line = log.list.get(0).getLevel() + " " + log.list.get(0).getFormattedMessage();
      assertTrue(line.startsWith("DEBUG Request the-request: the token is refused: "), line);
      assertTrue(line.contains(why), line);
      assertFalse(line.contains(token) || line.contains("s3cret"), line);
    } finally {
      logger.detachAppender(log);
      logger.setLevel(before);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "42, 42, 200",
    "9223372036854775807, 9223372036854775807, 200",
    "0, 0, 200",
    "42, 43, 403",
    "42.0, 42, 401",
    "42.5, 42, 401",
    "1e3, 1000, 401",
    "9223372036854775808, 9223372036854775808, 401",
    "true, true, 401"
  })
  void aWholeNumberAsTheUserIsTakenAsItsDigits(String number, String user, int status) {
    String token = hs256(HS256, "{\"sub\":%s,\"exp\":%d}".formatted(number, seconds(60)));

    HttpResponse<String> answer =
        service.get("/api/" + user + "/tasks", "Authorization", "Bearer " + token);

    assertEquals(status, answer.statusCode(), answer.body());
  }

  @Test
  void aGoodTokenOpensTheTasksOfItsUser() {
    assertEquals(200, alicesTasks(service, TestTokens.of("alice")).statusCode());
  }

  @Test
  void theTokensOfTheFrontEndsWorkAsTheyAre() {
    // PyJWT's jwt.encode({"sub": …, "exp": …}, secret), and jose's SignJWT with its usual claims.
    String pyJwt = hs256("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", claims("alice"));
    String jose =
        hs256(
            "{\"alg\":\"HS256\"}",
            ("{\"sub\":\"alice\",\"email\":\"alice@example.com\",\"name\":\"Älice\",\"iat\":%d,"
                    + "\"nbf\":%d,\"exp\":%d,\"iss\":\"http://localhost:3000\",\"aud\":[\"tasks\"],"
                    + "\"jti\":\"1\",\"session\":{\"id\":\"s\",\"roles\":[\"user\"]}}")
                .formatted(seconds(-5), seconds(-5), seconds(900)));

    for (String token : new String[] {pyJwt, jose}) {
      assertEquals(200, alicesTasks(service, token).statusCode());
    }
  }

  @Test
  void withoutATokenTheAnswerAsksForOne() {
    assertRefused(BARE, service.get("/api/alice/tasks"));
    assertRefused(BARE, service.get("/api/alice/tasks", "Authorization", "Basic YWxpY2U6c2VjcmV0"));
    assertRefused(BARE, service.get("/api/alice/tasks", "Authorization", "BearerX a.b.c"));
  }

  @Test
  void aTokenCountsInTheAuthorizationHeaderOnly() {
    String token = TestTokens.of("alice");

    assertRefused(BARE, service.get("/api/alice/tasks?access_token=" + token + "&token=" + token));
    assertRefused(
        BARE, service.get("/api/alice/tasks", "Cookie", "JWT=" + token + "; token=" + token));
    assertRefused(BARE, service.get("/api/alice/tasks", "X-Authorization", "Bearer " + token));
    assertRefused(BARE, service.get("/api/alice/tasks", "Authorization", token));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer ", "bearer ", "BEARER ", "Bearer    "})
  void theSchemeIsReadInAnyCase(String scheme) {
    assertEquals(
        200,
        service
            .get("/api/alice/tasks", "Authorization", scheme + TestTokens.of("alice"))
            .statusCode());
  }

  @Test
  void severalAuthorizationHeadersAreRefused() throws IOException {
    for (String other : new String[] {"Bearer " + TestTokens.of("bob"), "Basic YTpi", "Bearer x"}) {
      String good = "Authorization: Bearer " + TestTokens.of("alice");
      for (String[] lines :
          new String[][] {
            {good, "Authorization: " + other}, {"authorization: " + other, good}, {good, good}
          }) {
        RawAnswer answer =
            service
                .raw(
                    TestService.head(
                        "GET /api/alice/tasks HTTP/1.1",
                        "Host: a",
                        lines[0],
                        lines[1],
                        "Connection: close"))
                .get(0);
        assertProblem(
            answer, 401, "Unauthorized", "Send a valid bearer token in the Authorization header");
        assertEquals(INVALID, answer.header("WWW-Authenticate"));
      }
    }
  }

  static Stream<String> forgeries() {
    String good = TestTokens.of("alice");
    String signature = good.substring(good.lastIndexOf('.') + 1);
    String payload = base64(claims("alice"));
    String publicKey =
        "-----BEGIN PUBLIC KEY-----\n"
            + java.util.Base64.getMimeEncoder().encodeToString(RSA.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    String other = "another-secret-of-more-than-thirty-two-bytes";
    String embedded = jwk(RSA.getPublic(), "");
    return Stream.of(
        "",
        "x",
        ".",
        "..",
        "...",
        "a.b.c",
        good + "." + signature,
        good + ", " + good,
        good + " " + good,
        good + "=",
        good.substring(0, good.length() - 2),
        good.substring(0, good.lastIndexOf('.') + 1),
        base64(HS256) + ".." + signature,
        '"' + good + '"',
        // No algorithm, in every spelling.
        base64("{\"alg\":\"none\"}") + '.' + payload + '.',
        base64("{\"alg\":\"none\"}") + '.' + payload + '.' + signature,
        base64("{\"alg\":\"None\"}") + '.' + payload + '.' + signature,
        base64("{\"alg\":\"NONE\",\"typ\":\"JWT\"}") + '.' + payload + '.',
        base64("{\"alg\":\"\"}") + '.' + payload + '.' + signature,
        base64("{\"alg\":null}") + '.' + payload + '.' + signature,
        base64("{}") + '.' + payload + '.' + signature,
        base64("{\"alg\":[\"HS256\"]}") + '.' + payload + '.' + signature,
        base64("{\"alg\":\"hs256\"}") + '.' + payload + '.' + signature,
        // Another algorithm, or another key.
        hmac("HmacSHA256", other.getBytes(UTF_8), HS256, claims("alice")),
        hmac("HmacSHA256", new byte[32], HS256, claims("alice")),
        hmac("HmacSHA384", SECRET.getBytes(UTF_8), header("HS384", null), claims("alice")),
        hmac("HmacSHA512", SECRET.getBytes(UTF_8), header("HS512", null), claims("alice")),
        hmac("HmacSHA256", SECRET.getBytes(UTF_8), header("HS512", null), claims("alice")),
        hmac("HmacSHA256", RSA.getPublic().getEncoded(), HS256, claims("alice")),
        hmac("HmacSHA256", publicKey.getBytes(UTF_8), HS256, claims("alice")),
        hmac("HmacSHA256", SECRET.getBytes(UTF_8), header("RS256", null), claims("alice")),
        signed(RSA.getPrivate(), header("RS256", null), claims("alice")),
        signed(RSA.getPrivate(), header("HS256", null), claims("alice")),
        // The signature of another token.
        base64(HS256) + '.' + base64(claims("alice ")) + '.' + signature,
        base64("{\"alg\":\"HS256\"}") + '.' + payload + '.' + signature,
        // A token with a key of its own.
        signed(RSA.getPrivate(), "{\"alg\":\"RS256\",\"jwk\":" + embedded + "}", claims("alice")),
        hs256("{\"alg\":\"HS256\",\"jwk\":" + embedded + "}", claims("alice")),
        hs256("{\"alg\":\"HS256\",\"jku\":\"http://127.0.0.1:1/jwks\"}", claims("alice")),
        hs256("{\"alg\":\"HS256\",\"x5u\":\"http://127.0.0.1:1/cert\"}", claims("alice")),
        hs256("{\"alg\":\"HS256\",\"x5c\":[\"MIIB\"]}", claims("alice")),
        // What we don't do, or what was made for something else.
        hs256("{\"alg\":\"HS256\",\"crit\":[\"exp\"],\"exp\":1}", claims("alice")),
        hs256("{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false}", claims("alice")),
        hs256("{\"alg\":\"HS256\",\"crit\":[]}", claims("alice")),
        hs256("{\"alg\":\"HS256\",\"b64\":false}", claims("alice")),
        hs256("{\"alg\":\"HS256\",\"cty\":\"JWT\"}", good),
        hs256("{\"alg\":\"HS256\",\"typ\":\"dpop+jwt\"}", claims("alice")),
        hs256("{\"alg\":\"HS256\",\"typ\":\"logout+jwt\"}", claims("alice")),
        hs256("{\"alg\":\"HS256\",\"typ\":7}", claims("alice")),
        hs256("{\"alg\":\"HS256\",\"kid\":7}", claims("alice")),
        // Encrypted.
        base64("{\"alg\":\"dir\",\"enc\":\"A256GCM\"}") + "..AAAA.AAAA.AAAA",
        base64("{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\"}") + ".AAAA.AAAA.AAAA.AAAA",
        // No claims.
        hs256(HS256, ""),
        hs256(HS256, "null"),
        hs256(HS256, "[]"),
        hs256(HS256, "\"alice\""),
        hs256(HS256, "{"),
        hs256(HS256, "[".repeat(4000)),
        hs256(HS256, "{\"a\":".repeat(1000)),
        hs256(HS256, "{\"a\":".repeat(700) + "1" + "}".repeat(700)),
        hs256("[".repeat(4000), claims("alice")),
        hs256("{\"a\":".repeat(1000), claims("alice")));
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  void aForgedTokenIsRefused(String token) {
    assertRefused(INVALID, alicesTasks(service, token));
  }

  @Test
  void everyBitOfTheSignatureCounts() {
    String good = TestTokens.of("alice");
    byte[] signature =
        java.util.Base64.getUrlDecoder().decode(good.substring(good.lastIndexOf('.') + 1));
    for (int bit = 0; bit < signature.length * 8; bit++) {
      byte[] flipped = signature.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      String token = good.substring(0, good.lastIndexOf('.') + 1) + base64(flipped);
      assertEquals(401, alicesTasks(service, token).statusCode(), "bit " + bit);
    }
  }

  @Test
  void theKeyIdIsNoMatterForASharedSecret() {
    for (String id : new String[] {"any", "../../dev/null", "' OR 1=1 --", "http://a/"}) {
      String token = hs256(header("HS256", id), claims("alice"));
      assertEquals(200, alicesTasks(service, token).statusCode(), id);
    }
  }

  static Stream<String> claimsOfNobody() {
    return Stream.of(
        "{\"exp\":%d}",
        "{\"sub\":null,\"exp\":%d}",
        "{\"sub\":[\"alice\"],\"exp\":%d}",
        "{\"sub\":{\"id\":\"alice\"},\"exp\":%d}",
        "{\"sub\":\"\",\"exp\":%d}",
        "{\"sub\":\" \",\"exp\":%d}",
        "{\"sub\":\"alice\\u0000\",\"exp\":%d}",
        "{\"sub\":\"" + "a".repeat(256) + "\",\"exp\":%d}",
        "{\"SUB\":\"alice\",\"exp\":%d}",
        "{\"user_id\":\"alice\",\"exp\":%d}");
  }

  @ParameterizedTest
  @MethodSource("claimsOfNobody")
  void aTokenMustNameAUser(String claims) {
    assertRefused(INVALID, alicesTasks(service, hs256(HS256, claims.formatted(seconds(3600)))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"sub\":\"alice\"}",
        "{\"sub\":\"alice\",\"exp\":null}",
        "{\"sub\":\"alice\",\"exp\":true}",
        "{\"sub\":\"alice\",\"exp\":\"9999999999\"}",
        "{\"sub\":\"alice\",\"exp\":[9999999999]}",
        "{\"sub\":\"alice\",\"exp\":\"2099-01-01T00:00:00Z\"}",
        "{\"sub\":\"alice\",\"exp\":NaN}",
        "{\"sub\":\"alice\",\"exp\":\"NaN\"}",
        "{\"sub\":\"alice\",\"exp\":0}",
        "{\"sub\":\"alice\",\"exp\":-1}",
        "{\"sub\":\"alice\",\"EXP\":9999999999}"
      })
  void aTokenMustExpire(String claims) {
    assertRefused(INVALID, alicesTasks(service, hs256(HS256, claims)));
  }

  @ParameterizedTest
  @CsvSource({"-3600, 401", "-31, 401", "-30, 401", "-29, 200", "0, 200", "1, 200"})
  void anExpiredTokenIsRefusedButClocksMayDiffer(int seconds, int status) {
    String token = hs256(HS256, "{\"sub\":\"alice\",\"exp\":" + seconds(seconds) + "}");

    assertEquals(status, alicesTasks(service, token).statusCode());
  }

  @ParameterizedTest
  @CsvSource({"-1, 200", "0, 200", "29, 200", "30, 200", "31, 401", "3600, 401"})
  void aTokenIsNoGoodBeforeItsTime(int seconds, int status) {
    String token =
        hs256(
            HS256,
            "{\"sub\":\"alice\",\"exp\":%d,\"nbf\":%d}".formatted(seconds(7200), seconds(seconds)));

    assertEquals(status, alicesTasks(service, token).statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"0\"", "true", "[]", "{}"})
  void whatIsNoTimeIsNotIgnored(String start) {
    String claims = "{\"sub\":\"alice\",\"exp\":%d,\"nbf\":%s}".formatted(seconds(60), start);

    assertRefused(INVALID, alicesTasks(service, hs256(HS256, claims)));
  }

  @Test
  void theSkewIsAsConfigured() {
    TokenSettings exact = new TokenSettings(SECRET, null, "sub", null, null, Duration.ZERO);
    try (TestService strict = secured(exact)) {
      for (int late : new int[] {0, -1}) {
        String token = hs256(HS256, "{\"sub\":\"alice\",\"exp\":" + seconds(late) + "}");
        assertEquals(401, alicesTasks(strict, token).statusCode());
      }
      String token = hs256(HS256, "{\"sub\":\"alice\",\"exp\":" + seconds(1) + "}");
      assertEquals(200, alicesTasks(strict, token).statusCode());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "iss":"https://a.example","aud":"tasks"                | 200
          "iss":"https://a.example","aud":["other","tasks"]      | 200
          "iss":"https://a.example/","aud":"tasks"               | 401
          "iss":"http://a.example","aud":"tasks"                 | 401
          "iss":"https://evil.example/https://a.example","aud":"tasks" | 401
          "iss":["https://a.example"],"aud":"tasks"              | 401
          "iss":null,"aud":"tasks"                               | 401
          "aud":"tasks"                                          | 401
          "iss":"https://a.example"                              | 401
          "iss":"https://a.example","aud":"task"                 | 401
          "iss":"https://a.example","aud":[]                     | 401
          "iss":"https://a.example","aud":["tasks ",""]          | 401
          "iss":"https://a.example","aud":{"tasks":1}            | 401
          """)
  void issuerAndAudienceAreCheckedWhenConfigured(String claims, int status) {
    TokenSettings settings =
        new TokenSettings(
            SECRET, null, "sub", "https://a.example", "tasks", Duration.ofSeconds(30));
    try (TestService choosy = secured(settings)) {
      String token = hs256(HS256, "{\"sub\":\"alice\",\"exp\":" + seconds(60) + "," + claims + "}");
      assertEquals(status, alicesTasks(choosy, token).statusCode());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"user_id", "userId", "id", "https://a.example/user"})
  void theClaimOfTheUserIsAsConfigured(String claim) {
    TokenSettings settings =
        new TokenSettings(SECRET, null, claim, null, null, Duration.ofSeconds(30));
    try (TestService other = secured(settings)) {
      String token =
          hs256(
              HS256, "{\"sub\":\"bob\",\"%s\":\"alice\",\"exp\":%d}".formatted(claim, seconds(60)));
      assertEquals(200, alicesTasks(other, token).statusCode());
      assertRefused(INVALID, alicesTasks(other, TestTokens.of("alice")));
    }
  }

  @Test
  void theHeadersForBrowsersAreOnRefusals() {
    for (String[] authorization :
        new String[][] {
          {}, {"Authorization", "Bearer x"}, {"Authorization", "Bearer " + TestTokens.of("bob")}
        }) {
      String[] headers = new String[authorization.length + 2];
      headers[0] = "Origin";
      headers[1] = "http://localhost:3000";
      System.arraycopy(authorization, 0, headers, 2, authorization.length);
      HttpResponse<String> answer = service.get("/api/alice/tasks", headers);

      assertEquals(
          authorization.length > 0 && authorization[1].length() > 20 ? 403 : 401,
          answer.statusCode());
      assertEquals(
          "http://localhost:3000",
          answer.headers().firstValue("Access-Control-Allow-Origin").orElse("none"));
      assertEquals(
          "true", answer.headers().firstValue("Access-Control-Allow-Credentials").orElse("none"));
    }
  }

  @Test
  void aPreflightNeedsNoToken() {
    HttpResponse<String> answer =
        service.bare(
            "OPTIONS",
            "/api/alice/tasks",
            "Origin",
            "http://localhost:3000",
            "Access-Control-Request-Method",
            "POST",
            "Access-Control-Request-Headers",
            "authorization,content-type");

    assertEquals(200, answer.statusCode());
    assertEquals(
        "http://localhost:3000",
        answer.headers().firstValue("Access-Control-Allow-Origin").orElse("none"));
  }

  @Test
  void settingsThatVerifyNothingSafelyAreNone() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new TokenSettings(null, null, "sub", null, null, Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class,
        () -> new TokenSettings("x".repeat(31), null, "sub", null, null, Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class,
        () -> new TokenSettings(SECRET, null, "sub", null, null, Duration.ofSeconds(301)));
    assertFalse(TestTokens.settings().toString().contains(SECRET));
  }
}
