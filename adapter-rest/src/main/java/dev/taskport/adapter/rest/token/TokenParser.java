package dev.taskport.adapter.rest.token;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.SignedJWT;
import io.micronaut.context.annotation.Primary;
import io.micronaut.security.token.Claims;
import io.micronaut.security.token.jwt.validator.JsonWebTokenParser;
import jakarta.inject.Singleton;
import java.text.ParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Parses signed tokens in the compact form (RFC 7515, 7.1). Refuses encrypted and unsigned ones.
 * What it returns is not yet verified.
 */
@Primary
@Singleton
final class TokenParser implements JsonWebTokenParser<JWT> {
  private static final Pattern COMPACT =
      Pattern.compile("[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]++");

  /** Other types mark tokens for a different purpose (RFC 8725, 3.11). */
  private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

  @Override
  public Optional<JWT> parse(String token) {
    if (!COMPACT.matcher(token).matches()) {
      return Optional.empty();
    }
    try {
      SignedJWT signed = SignedJWT.parse(token);
      return isSupported(signed.getHeader()) ? Optional.of(signed) : Optional.empty();
    } catch (ParseException e) {
      return Optional.empty();
    }
  }

  /** Refuses a token that contains its own key, or requires an unsupported extension. */
  private static boolean isSupported(JWSHeader header) {
    boolean bringsKey =
        header.getJWK() != null
            || header.getJWKURL() != null
            || header.getX509CertURL() != null
            || header.getX509CertChain() != null;
    boolean ofType =
        header.getType() == null
            || TYPES.contains(header.getType().getType().toLowerCase(Locale.ROOT));
    return !bringsKey
        && ofType
        && header.getContentType() == null
        && header.getCriticalParams() == null
        && header.isBase64URLEncodePayload();
  }

  /** Only used for refresh tokens, which the service doesn't have. */
  @Override
  public Optional<Claims> parseClaims(String token) {
    return Optional.empty();
  }
}
