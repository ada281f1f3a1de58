package dev.taskport.adapter.rest.token;

import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimNames;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
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
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks the claims of a verified token, and takes the user's id from them. Micronaut's own claims
 * validators are not used: none of them requires {@code exp}.
 */
@Singleton
@Replaces(DefaultJwtAuthenticationFactory.class)
@Requires(beans = TokenSettings.class)
final class TokenClaims implements JwtAuthenticationFactory {
  private final TokenSettings settings;
  private final JWTClaimsSetVerifier<SecurityContext> verifier;

  TokenClaims(TokenSettings settings, Clock clock) {
    this.settings = settings;
    JWTClaimsSet.Builder exact = new JWTClaimsSet.Builder();
    if (settings.issuer() != null) {
      exact.issuer(settings.issuer());
    }
    DefaultJWTClaimsVerifier<SecurityContext> byClock =
        new DefaultJWTClaimsVerifier<>(
            settings.audience(), exact.build(), Set.of(JWTClaimNames.EXPIRATION_TIME)) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        };
    byClock.setMaxClockSkew((int) settings.clockSkew().toSeconds());
    this.verifier = byClock;
  }

  @Override
  public Optional<Authentication> createAuthentication(JWT token) {
    if (!(token instanceof SignedJWT signed)) {
      return Optional.empty();
    }
    Map<String, Object> claims = signed.getPayload().toJSONObject();
    return claims != null && isValid(claims)
        ? user(claims).map(user -> Authentication.build(user.value()))
        : Optional.empty();
  }

  private boolean isValid(Map<String, Object> claims) {
    try {
      verifier.verify(JWTClaimsSet.parse(claims), null);
      // To the verifier, a null is a claim that is there.
      return claims.get(JWTClaimNames.EXPIRATION_TIME) != null;
    } catch (ParseException | BadJWTException e) {
      return false;
    }
  }

  /** From the claim as it was sent: the library's claims set makes a text of a number. */
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
