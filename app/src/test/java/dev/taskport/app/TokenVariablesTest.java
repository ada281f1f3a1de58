package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.token.TokenSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVariablesTest {
  private static final String SECRET = "s3cret-of-more-than-thirty-two-bytes";

  @TempDir Path folder;

  private Settings read(Map<String, String> environment) {
    return Settings.read(environment, folder);
  }

  private TokenSettings tokens(Map<String, String> environment) {
    return Objects.requireNonNull(read(environment).tokens());
  }

  @ParameterizedTest
  @ValueSource(strings = {"BETTER_AUTH_SECRET", "JWT_SECRET"})
  void aSharedSecretIsEnough(String variable) {
    assertEquals(
        new TokenSettings(SECRET, null, "sub", null, null, Duration.ofSeconds(30)),
        tokens(Map.of(variable, SECRET)));
  }

  @Test
  void bothSecretsMayBeGivenIfTheyAreOne() {
    assertEquals(
        SECRET, tokens(Map.of("JWT_SECRET", SECRET, "BETTER_AUTH_SECRET", SECRET)).secret());

    SettingsException refused =
        assertThrows(
            SettingsException.class,
            () -> read(Map.of("JWT_SECRET", SECRET, "BETTER_AUTH_SECRET", SECRET + "x")));
    assertEquals(
        "BETTER_AUTH_SECRET: it differs from JWT_SECRET; set one of them, or both alike",
        refused.getMessage());
  }

  @Test
  void aCookieIsGivenByItsName() {
    SettingsException refused =
        assertThrows(
            SettingsException.class,
            () -> read(Map.of("JWT_SECRET", SECRET, "JWT_COOKIE", "session=s3cret")));
    assertEquals("JWT_COOKIE: it must be the name of a cookie", refused.getMessage());
    assertNull(tokens(Map.of("JWT_SECRET", SECRET)).cookie());
  }

  @Test
  void aSecretIsMeasuredInBytes() {
    assertEquals("ä".repeat(16), tokens(Map.of("JWT_SECRET", "ä".repeat(16))).secret());
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:3000, http://localhost:3000/api/auth/jwks",
    "https://a.example/, https://a.example/api/auth/jwks",
    "https://a.example//, https://a.example/api/auth/jwks",
    "https://a.example/app, https://a.example/app/api/auth/jwks",
    "https://a.example/api/auth, https://a.example/api/auth/jwks",
    "https://a.example/api/auth/, https://a.example/api/auth/jwks"
  })
  void betterAuthsKeySetIsFoundByItsUrl(String url, URI keySet) {
    assertEquals(keySet, tokens(Map.of("BETTER_AUTH_URL", url)).keySet());
  }

  @Test
  void theUrlOfAKeySetWins() {
    Map<String, String> both =
        Map.of("BETTER_AUTH_URL", "https://a.example", "JWKS_URL", "https://b.example/keys");

    assertEquals(URI.create("https://b.example/keys"), tokens(both).keySet());
  }

  @Test
  void withTokensTheServiceListensEverywhereByDefault() {
    assertEquals("0.0.0.0", read(Map.of("JWT_SECRET", SECRET)).host());
    assertEquals("0.0.0.0", read(Map.of("JWKS_URL", "https://a.example/keys")).host());
    assertEquals("127.0.0.1", read(Map.of()).host());
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "::1", "[::1]"})
  void withoutTokensItMayListenOnTheLoopback(String host) {
    assertNull(read(Map.of("HOST", host)).tokens());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.0.0.0", "::", "[::]", "192.0.2.1", "localhost.example", "127.example", "0"})
  void withoutTokensAnotherAddressMustBeAskedForInSoManyWords(String host) {
    SettingsException refused =
        assertThrows(SettingsException.class, () -> read(Map.of("HOST", host)));
    assertTrue(
        String.valueOf(refused.getMessage())
            .endsWith(" or ALLOW_ANYONE_TO_READ_AND_WRITE_EVERYTHING=true"));

    Map<String, String> asked =
        Map.of("HOST", host, "ALLOW_ANYONE_TO_READ_AND_WRITE_EVERYTHING", "true");
    assertNull(read(asked).tokens());
  }

  @Test
  void theSecretIsNotInTheTextForm() {
    assertFalse(read(Map.of("JWT_SECRET", SECRET)).toString().contains(SECRET));
  }

  @Test
  void anOpenServiceSaysSoLoudly() {
    assertEquals(
        List.of(
            "NO AUTHENTICATION: whoever reaches 127.0.0.1 can read and write everybody's tasks; to"
                + " change that, set BETTER_AUTH_SECRET, JWT_SECRET, JWKS_URL or BETTER_AUTH_URL"),
        warnings(Map.of()));
    assertEquals(List.of(), warnings(Map.of("JWT_SECRET", SECRET)));
  }

  @Test
  void keysWithoutAnAudienceAreWarnedOf() {
    Map<String, String> keys = Map.of("JWKS_URL", "https://a.example/keys");
    assertEquals(
        List.of(
            "JWT_AUDIENCE is not set: a token that the issuer of these keys made for any other"
                + " application is accepted too"),
        warnings(keys));
    assertEquals(
        List.of(), warnings(Map.of("JWKS_URL", "https://a.example/keys", "JWT_AUDIENCE", "tasks")));
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example, false",
    "http://localhost:3000, false",
    "http://127.0.0.1:3000, false",
    "http://[::1]:3000, false",
    "http://a.example, true",
    "HTTP://auth:3000, true"
  })
  void keysThatOthersCouldChangeOnTheirWayAreWarnedOf(String url, boolean warned) {
    List<String> warnings = warnings(Map.of("BETTER_AUTH_URL", url, "JWT_AUDIENCE", "tasks"));

    assertEquals(warned, warnings.stream().anyMatch(warning -> warning.contains("plain http")));
  }

  private List<String> warnings(Map<String, String> environment) {
    Settings settings = read(environment);
    return TokenVariables.warnings(settings.tokens(), settings.host());
  }
}
