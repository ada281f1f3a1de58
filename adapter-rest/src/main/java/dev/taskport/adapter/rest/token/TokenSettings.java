package dev.taskport.adapter.rest.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which bearer tokens (JSON Web Tokens, RFC 7519) are accepted, and whose they are. As a bean in
 * the service's context it makes every route of tasks demand one. Its text form shows no secret.
 *
 * @param secret what tokens of HS256 are signed with, at least {@value #MIN_SECRET_BYTES} bytes in
 *     UTF-8; null if there are none
 * @param keySet where the public keys are (JSON Web Key Set, RFC 7517) of tokens of RS256, ES256
 *     and EdDSA with Ed25519; http or https; null if there are none
 * @param userClaim the claim that holds the user's id, normally {@code sub}
 * @param issuer what the claim {@code iss} must be; null if it is not looked at
 * @param audience what the claim {@code aud} must be or hold; null if it is not looked at
 * @param clockSkew how far the issuer's clock may be off, at most {@value #MAX_SKEW_SECONDS}
 *     seconds
 */
public record TokenSettings(
    @Nullable String secret,
    @Nullable URI keySet,
    String userClaim,
    @Nullable String issuer,
    @Nullable String audience,
    Duration clockSkew) {

  /** As long as the hash of HS256 (RFC 7518, 3.2). */
  public static final int MIN_SECRET_BYTES = 32;

  /** More would keep tokens alive that should be dead. */
  public static final int MAX_SKEW_SECONDS = 300;

  /**
   * @throws IllegalArgumentException if nothing could be verified by this, or not safely
   */
  public TokenSettings {
    if (secret == null && keySet == null) {
      throw new IllegalArgumentException("Neither a secret nor a key set");
    }
    if (secret != null && !isLongEnough(secret)) {
      throw new IllegalArgumentException("The secret is too short");
    }
    if (clockSkew.isNegative() || clockSkew.toSeconds() > MAX_SKEW_SECONDS) {
      throw new IllegalArgumentException("The clock skew is out of bounds");
    }
  }

  /** Whether a secret can be used: the shorter, the easier it is to find from one token. */
  public static boolean isLongEnough(String secret) {
    return secret.getBytes(UTF_8).length >= MIN_SECRET_BYTES;
  }

  @Override
  public String toString() {
    return "TokenSettings[secret=%s, keySet=%s, userClaim=%s, issuer=%s, audience=%s, clockSkew=%s]"
        .formatted(
            secret == null ? "none" : "(hidden)", keySet, userClaim, issuer, audience, clockSkew);
  }
}
