package dev.taskport.adapter.rest.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/**
 * Which bearer tokens (JSON Web Tokens, RFC 7519) are accepted, and which claim holds the user's
 * id. If the application context has a bean of this class, every route for tasks requires a token.
 * {@code toString} hides the secret.
 *
 * @param secret the key of HS256 tokens, at least {@value #MIN_SECRET_BYTES} bytes in UTF-8; null
 *     if HS256 is not accepted
 * @param keySet the address, http or https, of the public keys (JSON Web Key Set, RFC 7517) of
 *     RS256, ES256 and Ed25519 tokens; null if these are not accepted
 * @param userClaim the claim that holds the user's id, normally {@code sub}
 * @param issuer the required value of the claim {@code iss}; null if it is not checked
 * @param audience the value that the claim {@code aud} must be or contain; null if it is not
 *     checked
 * @param clockSkew how far the issuer's clock may be off, at most {@value #MAX_SKEW_SECONDS}
 *     seconds
 * @param cookie the name of the cookie that may hold the token when there is no {@code
 *     Authorization} header; null if none may
 */
public record TokenSettings(
    @Nullable String secret,
    @Nullable URI keySet,
    String userClaim,
    @Nullable String issuer,
    @Nullable String audience,
    Duration clockSkew,
    @Nullable String cookie) {

  /** As long as the hash of HS256 (RFC 7518, 3.2). */
  public static final int MIN_SECRET_BYTES = 32;

  /** A larger skew would accept tokens long after they expired. */
  public static final int MAX_SKEW_SECONDS = 300;

  /**
   * @throws IllegalArgumentException if there is neither a secret nor a key set, if the secret is
   *     too short, or if the clock skew is out of bounds
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

  /** Without a cookie. */
  public TokenSettings(
      @Nullable String secret,
      @Nullable URI keySet,
      String userClaim,
      @Nullable String issuer,
      @Nullable String audience,
      Duration clockSkew) {
    this(secret, keySet, userClaim, issuer, audience, clockSkew, null);
  }

  /** Whether a secret is long enough: a short one can be guessed from a single token. */
  public static boolean isLongEnough(String secret) {
    return secret.getBytes(UTF_8).length >= MIN_SECRET_BYTES;
  }

  /**
   * A token of HS256 that these settings accept.
   *
   * @param userId the user's id, not checked
   * @param expiry when the token expires, cut to seconds
   * @throws IllegalStateException if there is no secret to sign it with
   */
  public String sign(String userId, Instant expiry) {
    if (secret == null) {
      throw new IllegalStateException("There is no secret");
    }
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer)
            .audience(audience)
            .expirationTime(Date.from(expiry))
            .claim(userClaim, userId)
            .build();
    SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
    try {
      token.sign(new MACSigner(secret.getBytes(UTF_8)));
    } catch (JOSEException e) {
      throw new IllegalStateException("The constructor has let it pass", e);
    }
    return token.serialize();
  }

  @Override
  public String toString() {
    return "TokenSettings[secret=%s, keySet=%s, userClaim=%s, issuer=%s, audience=%s, clockSkew=%s, cookie=%s]"
        .formatted(
            secret == null ? "none" : "(hidden)",
            keySet,
            userClaim,
            issuer,
            audience,
            clockSkew,
            cookie);
  }
}
