package dev.taskport.adapter.rest;

import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
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
import java.util.Optional;

/**
 * Says whose a verified token is, if it is for us and for now. All claims are checked here: none of
 * the framework's validators demands that a token expires.
 */
@Singleton
@Replaces(DefaultJwtAuthenticationFactory.class)
@Requires(beans = TokenSettings.class)
final class TokenUser implements JwtAuthenticationFactory {
  private final TokenSettings settings;
  private final Clock clock;

  TokenUser(TokenSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public Optional<Authentication> createAuthentication(JWT token) {
    try {
      JWTClaimsSet claims = token.getJWTClaimsSet();
      return isCurrent(claims) && isForUs(claims)
          ? user(claims).map(user -> Authentication.build(user.value()))
          : Optional.empty();
    } catch (ParseException e) {
      return Optional.empty();
    }
  }

  private boolean isCurrent(JWTClaimsSet claims) {
    Instant now = clock.instant();
    Date expiry = claims.getExpirationTime();
    Date start = claims.getNotBeforeTime();
    return expiry != null
        && now.isBefore(expiry.toInstant().plus(settings.clockSkew()))
        && (start == null || !now.isBefore(start.toInstant().minus(settings.clockSkew())));
  }

  private boolean isForUs(JWTClaimsSet claims) {
    return (settings.issuer() == null || settings.issuer().equals(claims.getIssuer()))
        && (settings.audience() == null || claims.getAudience().contains(settings.audience()));
  }

  private Optional<UserId> user(JWTClaimsSet claims) {
    try {
      return claims.getClaim(settings.userClaim()) instanceof String id
          ? Optional.of(UserId.parse(id))
          : Optional.empty();
    } catch (InvalidValueException e) {
      return Optional.empty(); // nobody has tasks under such an id
    }
  }
}
