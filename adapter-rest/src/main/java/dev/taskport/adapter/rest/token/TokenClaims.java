package dev.taskport.adapter.rest.token;

import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.SignedJWT;
import dev.taskport.domain.InvalidValueException;
import dev.taskport.domain.UserId;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.token.jwt.validator.DefaultJwtAuthenticationFactory;
import io.micronaut.security.token.jwt.validator.JwtAuthenticationFactory;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says whose a verified token is, if it is for us and for now. All claims are checked here: none of
 * the framework's validators demands that a token expires.
 */
@Singleton
@Replaces(DefaultJwtAuthenticationFactory.class)
@Requires(beans = TokenSettings.class)
final class TokenClaims implements JwtAuthenticationFactory {
  private final TokenSettings settings;
  private final Clock clock;

  TokenClaims(TokenSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public Optional<Authentication> createAuthentication(JWT token) {
    if (!(token instanceof SignedJWT signed)) {
      return Optional.empty();
    }
    // As they were sent: the library makes a text of a number.
    Map<String, Object> claims = signed.getPayload().toJSONObject();
    return claims != null && isCurrent(claims) && isForUs(claims)
        ? user(claims).map(user -> Authentication.build(user.value()))
        : Optional.empty();
  }

  private boolean isCurrent(Map<String, Object> claims) {
    double now = clock.instant().toEpochMilli() / 1000.0;
    double skew = settings.clockSkew().toMillis() / 1000.0;
    return claims.get("exp") instanceof Number expiry
        && now < expiry.doubleValue() + skew
        && (claims.get("nbf") == null
            || (claims.get("nbf") instanceof Number start && now >= start.doubleValue() - skew));
  }

  private boolean isForUs(Map<String, Object> claims) {
    String audience = settings.audience();
    return (settings.issuer() == null || settings.issuer().equals(claims.get("iss")))
        && (audience == null
            || audience.equals(claims.get("aud"))
            || (claims.get("aud") instanceof List<?> several && several.contains(audience)));
  }

  private Optional<UserId> user(Map<String, Object> claims) {
    try {
      return claims.get(settings.userClaim()) instanceof String id
          ? Optional.of(UserId.parse(id))
          : Optional.empty();
    } catch (InvalidValueException e) {
      return Optional.empty(); // nobody has tasks under such an id
    }
  }
}
