package dev.taskport.adapter.rest.token;

import com.nimbusds.jwt.JWT;
import dev.taskport.adapter.rest.http.AllowedOrigins;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.filters.AuthenticationFetcher;
import io.micronaut.security.token.TokenAuthenticationFetcher;
import io.micronaut.security.token.jwt.validator.ReactiveJsonWebTokenValidator;
import io.micronaut.security.token.validator.TokenValidator;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Authenticates a request by the bearer token in its {@code Authorization} header (RFC 6750, 2.1)
 * or, without such a header, in the cookie that the settings name. Several such headers are
 * refused. This replaces Micronaut's own fetcher, which takes the first of several headers, logs
 * malformed tokens, and passes tokens on in events and request attributes.
 */
@Singleton
@Replaces(TokenAuthenticationFetcher.class)
@Requires(beans = TokenSettings.class)
final class BearerTokenFetcher implements AuthenticationFetcher<HttpRequest<?>> {
  private static final String SCHEME = "Bearer";
  private static final String BARE = SCHEME + " realm=\"taskport\"";

  /** The {@code WWW-Authenticate} of a 401 for a refused token (RFC 6750, 3.1). */
  static final String INVALID = BARE + ", error=\"invalid_token\"";

  /** Methods that change nothing. HEAD comes as GET. */
  private static final Set<HttpMethod> READING =
      EnumSet.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);

  private final TokenValidator<HttpRequest<?>> validator;
  private final VerifiedTokens verified;
  private final @Nullable String cookie;
  private final AllowedOrigins origins;

  BearerTokenFetcher(
      ReactiveJsonWebTokenValidator<JWT, HttpRequest<?>> validator,
      VerifiedTokens verified,
      TokenSettings settings,
      AllowedOrigins origins) {
    this.validator = validator;
    this.verified = verified;
    this.cookie = settings.cookie();
    this.origins = origins;
  }

  /** Signals a {@link TokenRefusedException} for a token that is not accepted. */
  @Override
  public Publisher<Authentication> fetchAuthentication(HttpRequest<?> request) {
    if (AccessRule.isOpen(request)) {
      return Mono.empty();
    }
    List<String> headers = request.getHeaders().getAll(HttpHeaders.AUTHORIZATION);
    if (!headers.isEmpty()) {
      return headers.size() == 1 && isBearer(headers.get(0))
          ? validated(headers.get(0).substring(SCHEME.length()).strip(), request)
          : Mono.empty();
    }
    List<String> cookies = cookies(request);
    if (cookies.size() != 1) {
      return Mono.empty();
    }
    return isFromOurPage(request)
        ? validated(cookies.get(0), request)
        : Mono.error(new ForeignPageException());
  }

  private Mono<Authentication> validated(String token, HttpRequest<?> request) {
    Authentication known = verified.find(token);
    if (known != null) {
      return Mono.just(known);
    }
    long keys = verified.keys();
    return Mono.from(validator.validateToken(token, request))
        .doOnNext(sender -> verified.add(token, sender, keys))
        .switchIfEmpty(
            Mono.error(
                () ->
                    new TokenRefusedException(
                        "The session is not valid; sign in again",
                        "It is no signed JSON Web Token, or none of our keys has signed it")));
  }

  /** The values of the token's cookie; empty if there is no such cookie. */
  private List<String> cookies(HttpRequest<?> request) {
    return cookie == null
        ? List.of()
        : request.getHeaders().getAll(HttpHeaders.COOKIE).stream()
            .flatMap(line -> Arrays.stream(line.split(";", -1)))
            .map(String::strip)
            .filter(pair -> pair.startsWith(cookie + "="))
            .map(pair -> pair.substring(cookie.length() + 1))
            .toList();
  }

  /**
   * Browsers add cookies to requests from any page, such as its forms. A write by cookie is
   * accepted only from a page of an allowed origin.
   */
  private boolean isFromOurPage(HttpRequest<?> request) {
    List<String> sent = request.getHeaders().getAll(HttpHeaders.ORIGIN);
    return READING.contains(request.getMethod())
        || (sent.size() == 1 && origins.contain(sent.get(0)))
        || request.getHeaders().getAll("Sec-Fetch-Site").equals(List.of("same-origin"));
  }

  /** The {@code WWW-Authenticate} of a 401 (RFC 6750, 3). It names an error if a token was sent. */
  static String challenge(HttpRequest<?> request) {
    List<String> headers = request.getHeaders().getAll(HttpHeaders.AUTHORIZATION);
    return hasToken(headers) ? INVALID : BARE;
  }

  private static boolean hasToken(List<String> headers) {
    return headers.stream().anyMatch(BearerTokenFetcher::isBearer);
  }

  private static boolean isBearer(String header) {
    return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && (header.length() == SCHEME.length() || header.charAt(SCHEME.length()) == ' ');
  }
}
