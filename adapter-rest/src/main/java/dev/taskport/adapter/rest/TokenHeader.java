package dev.taskport.adapter.rest;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.token.reader.TokenReader;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/**
 * Takes the token out of the one {@code Authorization} header (RFC 6750, 2.1). The framework's own
 * reader takes the first of several headers, and logs what is no token.
 */
@Singleton
final class TokenHeader implements TokenReader<HttpRequest<?>> {
  private static final String SCHEME = "Bearer";

  @Override
  public Optional<String> findToken(HttpRequest<?> request) {
    if (TokenAccess.isOpen(request)) {
      return Optional.empty();
    }
    List<String> headers = request.getHeaders().getAll(HttpHeaders.AUTHORIZATION);
    return headers.size() == 1 && isBearer(headers.get(0))
        ? Optional.of(headers.get(0).substring(SCHEME.length()).strip())
        : Optional.empty();
  }

  /** What an answer of 401 asks for (RFC 6750, 3); a token is only mentioned if there was one. */
  static String challenge(HttpRequest<?> request) {
    List<String> headers = request.getHeaders().getAll(HttpHeaders.AUTHORIZATION);
    return hasToken(headers)
        ? SCHEME + " realm=\"taskport\", error=\"invalid_token\""
        : SCHEME + " realm=\"taskport\"";
  }

  private static boolean hasToken(List<String> headers) {
    return headers.stream().anyMatch(TokenHeader::isBearer);
  }

  private static boolean isBearer(String header) {
    return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        && (header.length() == SCHEME.length() || header.charAt(SCHEME.length()) == ' ');
  }
}
