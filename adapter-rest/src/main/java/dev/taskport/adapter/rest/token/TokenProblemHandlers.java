package dev.taskport.adapter.rest.token;

import dev.taskport.adapter.rest.RequestId;
import dev.taskport.adapter.rest.problem.Problems;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.micronaut.security.authentication.AuthorizationException;
import io.micronaut.security.authentication.DefaultAuthorizationExceptionHandler;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the exceptions of this package with problems. */
@Factory
final class TokenProblemHandlers {
  private static final Logger LOG = LoggerFactory.getLogger(TokenProblemHandlers.class);

  private final Problems problems;

  TokenProblemHandlers(Problems problems) {
    this.problems = problems;
  }

  /** 401 without a valid token, 403 with the token of a different user. */
  @Singleton
  @Replaces(DefaultAuthorizationExceptionHandler.class)
  ExceptionHandler<AuthorizationException, HttpResponse<?>> notAuthorized() {
    return (request, e) ->
        e.isForbidden()
            ? problems.answer(request, HttpStatus.FORBIDDEN, "You can only use your own tasks")
            : problems
                .answer(
                    request,
                    HttpStatus.UNAUTHORIZED,
                    "Send a valid bearer token in the Authorization header")
                .header(HttpHeaders.WWW_AUTHENTICATE, BearerTokens.challenge(request));
  }

  @Singleton
  ExceptionHandler<JwksUnavailableException, HttpResponse<?>> keySetUnavailable() {
    return (request, e) ->
        problems.unavailable(request, "keys", "The service can't check tokens now; try again soon");
  }

  @Singleton
  ExceptionHandler<TokenRefusedException, HttpResponse<?>> tokenRefused() {
    return (request, e) -> {
      LOG.debug("Request {}: the token is refused: {}", RequestId.of(request), e.getMessage());
      return problems
          .answer(request, HttpStatus.UNAUTHORIZED, e.advice())
          .header(HttpHeaders.WWW_AUTHENTICATE, BearerTokens.INVALID);
    };
  }

  @Singleton
  ExceptionHandler<ForeignPageException, HttpResponse<?>> foreignPage() {
    return (request, e) ->
        problems.answer(
            request,
            HttpStatus.FORBIDDEN,
            "A change by cookie must come from a page of this service, or of an origin that"
                + " CORS_ORIGINS lists");
  }

  @Singleton
  ExceptionHandler<AuthenticationOffException, HttpResponse<?>> authenticationOff() {
    return (request, e) ->
        problems
            .answer(
                request,
                HttpStatus.UNAUTHORIZED,
                "Without authentication nobody knows whose tasks these are: set"
                    + " BETTER_AUTH_SECRET, JWT_SECRET, JWKS_URL or BETTER_AUTH_URL for the"
                    + " service, or name the user, as in /api/user123/tasks")
            .header(HttpHeaders.WWW_AUTHENTICATE, BearerTokens.challenge(request));
  }
}
