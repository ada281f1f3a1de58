package dev.taskport.adapter.rest.token;

import com.nimbusds.jwt.JWT;
import dev.taskport.adapter.rest.http.AllowedOrigins;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.token.jwt.validator.ReactiveJsonWebTokenValidator;
import io.micronaut.security.token.validator.TokenValidator;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Tells by the bearer token who sends a request. The token is in the {@code Authorization} header
 * (RFC 6750, 2.1) or, without such a header, in the cookie that the settings name. Several such
 * headers are refused. Thread-safe.
 */
@Singleton
@Requires(beans = TokenSettings.class)
final class BearerTokens {
  private static final String SCHEME = "Bearer";
  private static final String BARE = SCHEME + " realm=\"taskport\"";

  /** The {@code WWW-Authenticate} of a 401 for a refused token (RFC 6750, 3.1). */
  static final String INVALID = BARE + ", error=\"invalid_token\"";

  /** Methods that change nothing. HEAD comes as GET. */
  private static final Set<HttpMethod> READING =
      EnumSet.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);

  private static final CompletionStage<@Nullable Authentication> NOBODY =
      CompletableFuture.completedFuture(null);

  private final TokenValidator<HttpRequest<?>> validator;
  private final VerifiedTokens verified;
  private final @Nullable String cookie;
  private final AllowedOrigins origins;

  BearerTokens(
      ReactiveJsonWebTokenValidator<JWT, HttpRequest<?>> validator,
      VerifiedTokens verified,
      TokenSettings settings,
      AllowedOrigins origins) {
    this.validator = validator;
    this.verified = verified;
    this.cookie = settings.cookie();
    this.origins = origins;
  }

  /**
   * Who sends the request; null if it has no token. Done at once if the token was accepted before.
   * Otherwise it may fail, with a {@link TokenRefusedException} for a token that is not accepted.
   *
   * @throws ForeignPageException for a write by cookie from a page that is not ours
   */
  CompletionStage<@Nullable Authentication> sender(HttpRequest<?> request) {
    List<String> headers = request.getHeaders().getAll(HttpHeaders.AUTHORIZATION);
    if (!headers.isEmpty()) {
      return headers.size() == 1 && isBearer(headers.get(0))
          ? sender(headers.get(0).substring(SCHEME.length()).strip(), request)
          : NOBODY;
    }
    List<String> cookies = cookies(request);
    if (cookies.size() != 1) {
      return NOBODY;
    }
    if (!isFromOurPage(request)) {
      throw new ForeignPageException();
    }
    return sender(cookies.get(0), request);
  }

  private CompletionStage<@Nullable Authentication> sender(String token, HttpRequest<?> request) {
    Authentication known = verified.find(token);
    if (known != null) {
      return CompletableFuture.completedFuture(known);
    }
    long keys = verified.keys();
    return Mono.from(validator.validateToken(token, request))
        .doOnNext(sender -> verified.add(token, sender, keys))
        .switchIfEmpty(
            Mono.error(
                () ->
                    new TokenRefusedException(
                        "The session is not valid; sign in again",
                        "It is no signed JSON Web Token, or none of our keys has signed it")))
        .toFuture();
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
    return headers.stream().anyMatch(BearerTokens::isBearer);
  }

  private static boolean isBearer(String header) {
    return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && (header.length() == SCHEME.length() || header.charAt(SCHEME.length()) == ' ');
  }
}
