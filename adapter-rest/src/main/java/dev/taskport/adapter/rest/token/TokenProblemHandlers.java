package dev.taskport.adapter.rest.token;

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

/** Answers the exceptions of this package with problems. */
@Factory
final class TokenProblemHandlers {
  private final Problems problems;

  TokenProblemHandlers(Problems problems) {
    this.problems = problems;
  }

  /** 401 without a valid token, 403 with one of another user. */
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
                .header(HttpHeaders.WWW_AUTHENTICATE, BearerTokenFetcher.challenge(request));
  }

  @Singleton
  ExceptionHandler<JwksUnavailableException, HttpResponse<?>> keySetUnavailable() {
    return (request, e) ->
        problems.unavailable(request, "The service can't check tokens now; try again soon");
  }
}
