package dev.taskport.adapter.rest.token;

import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimNames;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import com.nimbusds.jwt.proc.JWTClaimsSetVerifier;
import dev.taskport.domain.InvalidValueException;
import dev.taskport.domain.UserId;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.token.jwt.validator.DefaultJwtAuthenticationFactory;
import io.micronaut.security.token.jwt.validator.JwtAuthenticationFactory;
import jakarta.inject.Singleton;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks the claims of a verified token, and takes the user's id from them. The attribute {@code
 * exp} of the result is when the token will no longer be accepted. Micronaut's own claims
 * validators are not used: none of them requires {@code exp}.
 */
@Singleton
@Replaces(DefaultJwtAuthenticationFactory.class)
@Requires(beans = TokenSettings.class)
final class TokenClaims implements JwtAuthenticationFactory {
  private static final String SIGN_IN = "The session is not valid; sign in again";

  private final TokenSettings settings;
  private final JWTClaimsSetVerifier<SecurityContext> forThisService;
  private final JWTClaimsSetVerifier<SecurityContext> forNow;

  TokenClaims(TokenSettings settings, Clock clock) {
    this.settings = settings;
    JWTClaimsSet.Builder exact = new JWTClaimsSet.Builder();
    if (settings.issuer() != null) {
      exact.issuer(settings.issuer());
    }
    this.forThisService =
        new DefaultJWTClaimsVerifier<>(settings.audience(), exact.build(), Set.of()) {
          @Override
          protected @Nullable Date currentTime() {
            return null; // the other verifier looks at the clock
          }
        };
    DefaultJWTClaimsVerifier<SecurityContext> byClock =
        new DefaultJWTClaimsVerifier<>(null, Set.of()) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        };
    byClock.setMaxClockSkew((int) settings.clockSkew().toSeconds());
    this.forNow = byClock;
  }

  /**
   * @throws TokenRefusedException if the token is expired, not yet valid, for a different service,
   *     or names no user
   */
  @Override
  public Optional<Authentication> createAuthentication(JWT token) {
    if (!(token instanceof SignedJWT signed)) {
      return Optional.empty();
    }
    Map<String, Object> claims = signed.getPayload().toJSONObject();
    if (claims == null) {
      throw new TokenRefusedException(SIGN_IN, "The payload is no JSON object");
    }
    Instant expiry = verify(claims).plus(settings.clockSkew());
    return Optional.of(
        Authentication.build(user(claims).value(), Map.of(JWTClaimNames.EXPIRATION_TIME, expiry)));
  }

  /** When the token of this sender is no longer accepted. */
  static Instant expiry(Authentication sender) {
    return (Instant)
        Objects.requireNonNull(sender.getAttributes().get(JWTClaimNames.EXPIRATION_TIME));
  }

  /** Returns when the token expires. */
  private Instant verify(Map<String, Object> claims) {
    JWTClaimsSet set;
    try {
      set = JWTClaimsSet.parse(claims);
    } catch (ParseException e) {
      throw new TokenRefusedException(SIGN_IN, e.getMessage());
    }
    try {
      forThisService.verify(set, null);
    } catch (BadJWTException e) {
      throw new TokenRefusedException(
          "The session belongs to a different service; sign in to this one", e.getMessage());
    }
    if (set.getExpirationTime() == null) {
      throw new TokenRefusedException(SIGN_IN, "The claim exp is missing or null");
    }
    try {
      forNow.verify(set, null);
    } catch (ExpiredJWTException e) {
      throw new TokenRefusedException("The session has expired; sign in again", e.getMessage());
    } catch (BadJWTException e) {
      throw new TokenRefusedException(
          "The session is not valid yet; try again in a minute", e.getMessage());
    }
    return set.getExpirationTime().toInstant();
  }

  /**
   * Reads the claim from the payload, because the library's claims set turns a number into a text.
   * A number that is not whole, or too large to be exact, has a type that is refused here.
   */
  private UserId user(Map<String, Object> claims) {
    Object id = claims.get(settings.userClaim());
    try {
      if (id instanceof String || id instanceof Long || id instanceof Integer) {
        return UserId.parse(id.toString());
      }
    } catch (InvalidValueException e) {
      // No user can have such an id.
    }
    throw new TokenRefusedException(
        SIGN_IN, "The claim " + settings.userClaim() + " holds no user id");
  }
}
