package dev.taskport.adapter.rest.token;

import com.nimbusds.jwt.JWT;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.filters.AuthenticationFetcher;
import io.micronaut.security.token.TokenAuthenticationFetcher;
import io.micronaut.security.token.jwt.validator.ReactiveJsonWebTokenValidator;
import io.micronaut.security.token.validator.TokenValidator;
import jakarta.inject.Singleton;
import java.util.List;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Authenticates a request by the bearer token in its {@code Authorization} header (RFC 6750, 2.1).
 * Several such headers are refused. Micronaut's own fetcher, which this replaces, takes the first
 * of several, logs malformed tokens, and hands tokens on in events and request attributes.
 */
@Singleton
@Replaces(TokenAuthenticationFetcher.class)
@Requires(beans = TokenSettings.class)
final class BearerTokenFetcher implements AuthenticationFetcher<HttpRequest<?>> {
  private static final String SCHEME = "Bearer";

  private final TokenValidator<HttpRequest<?>> validator;

  BearerTokenFetcher(ReactiveJsonWebTokenValidator<JWT, HttpRequest<?>> validator) {
    this.validator = validator;
  }

  @Override
  public Publisher<Authentication> fetchAuthentication(HttpRequest<?> request) {
    if (AccessRule.isOpen(request)) {
      return Mono.empty();
    }
    List<String> headers = request.getHeaders().getAll(HttpHeaders.AUTHORIZATION);
    return headers.size() == 1 && isBearer(headers.get(0))
        ? validator.validateToken(headers.get(0).substring(SCHEME.length()).strip(), request)
        : Mono.empty();
  }

  /** The {@code WWW-Authenticate} of a 401 (RFC 6750, 3). It names an error if a token was sent. */
  static String challenge(HttpRequest<?> request) {
    List<String> headers = request.getHeaders().getAll(HttpHeaders.AUTHORIZATION);
    return hasToken(headers)
        ? SCHEME + " realm=\"taskport\", error=\"invalid_token\""
        : SCHEME + " realm=\"taskport\"";
  }

  private static boolean hasToken(List<String> headers) {
    return headers.stream().anyMatch(BearerTokenFetcher::isBearer);
  }

  private static boolean isBearer(String header) {
    return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && (header.length() == SCHEME.length() || header.charAt(SCHEME.length()) == ' ');
  }
}
