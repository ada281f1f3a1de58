package dev.taskport.adapter.rest.problem;

import dev.taskport.adapter.rest.RequestId;
import dev.taskport.domain.InvalidValueException;
import dev.taskport.domain.StoreUnavailableException;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.exceptions.ConversionErrorException;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ConversionErrorHandler;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.micronaut.web.router.exceptions.UnsatisfiedBodyRouteException;
import jakarta.inject.Singleton;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns each exception into a problem. The package {@code token} handles its own exceptions. */
@Factory
final class ProblemHandlers {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemHandlers.class);

  private final Problems problems;

  ProblemHandlers(Problems problems) {
    this.problems = problems;
  }

  @Singleton
  ExceptionHandler<TaskNotFoundException, HttpResponse<?>> taskNotFound() {
    return (request, e) -> problems.answer(request, HttpStatus.NOT_FOUND, "Task not found");
  }

  @Singleton
  ExceptionHandler<InvalidInputException, HttpResponse<?>> invalidInput() {
    return (request, e) -> problems.answer(request, e.violations());
  }

  @Singleton
  @Replaces(ConversionErrorHandler.class)
  ExceptionHandler<ConversionErrorException, HttpResponse<?>> invalidParameter() {
    return (request, e) -> {
      String name =
          e.getArgument()
              .getAnnotationMetadata()
              .stringValue(Bindable.class)
              .orElse(e.getArgument().getName());
      String detail =
          e.getConversionError().getCause() instanceof InvalidValueException invalid
              ? String.valueOf(invalid.getMessage())
              : "The value of " + name + " is not usable";
      return problems.answer(request, List.of(Violation.of(name, detail)));
    };
  }

  @Singleton
  ExceptionHandler<MalformedBodyException, HttpResponse<?>> malformedBody() {
    return (request, e) ->
        problems.answer(request, HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
  }

  @Singleton
  ExceptionHandler<UnsatisfiedBodyRouteException, HttpResponse<?>> missingBody() {
    return (request, e) ->
        problems.answer(request, HttpStatus.BAD_REQUEST, "The body is empty; send a JSON object");
  }

  @Singleton
  ExceptionHandler<PreconditionFailedException, HttpResponse<?>> preconditionFailed() {
    return (request, e) ->
        problems
            .answer(request, HttpStatus.PRECONDITION_FAILED, String.valueOf(e.getMessage()))
            .header(HttpHeaders.ETAG, e.currentTag());
  }

  @Singleton
  ExceptionHandler<PreconditionRequiredException, HttpResponse<?>> preconditionRequired() {
    return (request, e) ->
        problems.answer(
            request,
            HttpStatus.PRECONDITION_REQUIRED,
            "Send If-Match with the ETag of the task that you mean to change");
  }

  @Singleton
  ExceptionHandler<StartOverException, HttpResponse<?>> startOver() {
    return (request, e) -> problems.startOver(request);
  }

  @Singleton
  ExceptionHandler<TooManyStreamsException, HttpResponse<?>> tooManyStreams() {
    return (request, e) ->
        e.ofUser()
            ? problems
                .answer(
                    request,
                    HttpStatus.TOO_MANY_REQUESTS,
                    "You have too many open event streams; close some of them")
                .header(HttpHeaders.RETRY_AFTER, "30")
                .header(Problems.REFUSAL, "streams")
            : problems.unavailable(
                request,
                "streams",
                "The service has too many open event streams now; try again soon");
  }

  @Singleton
  ExceptionHandler<StoreUnavailableException, HttpResponse<?>> storeUnavailable() {
    return (request, e) -> {
      // The store logs its outages: a line for each request would hide them.
      LOG.debug("Request {}: {}", RequestId.of(request), e.getMessage());
      return problems.unavailable(
          request,
          e.reason().name().toLowerCase(Locale.ROOT),
          switch (e.reason()) {
            case UNREACHABLE -> "The service can't reach its database now; try again soon";
            case BUSY -> "The service's database is too busy now; try again soon";
            case FULL -> "The database's disk is full; try again when there is room";
          });
    };
  }

  @Singleton
  ExceptionHandler<TooMuchInFlightException, HttpResponse<?>> tooMuchInFlight() {
    return (request, e) ->
        problems.unavailable(
            request, "memory", "Too many answers are waiting for their readers; try again soon");
  }

  @Singleton
  ExceptionHandler<ClosedChannelException, HttpResponse<?>> clientGone() {
    return this::connectionClosed;
  }

  @Singleton
  ExceptionHandler<EOFException, HttpResponse<?>> clientGoneBeforeItsBodyEnds() {
    return this::connectionClosed;
  }

  private HttpResponse<?> connectionClosed(HttpRequest<?> request, IOException e) {
    LOG.debug("Request {}: the connection was closed", RequestId.of(request), e);
    return problems.answer(request, HttpStatus.BAD_REQUEST, "The connection was closed");
  }

  @Singleton
  ExceptionHandler<Throwable, HttpResponse<?>> unexpected() {
    return (request, e) -> {
      LOG.error("Request {} failed", RequestId.of(request), e);
      return problems.answer(request, HttpStatus.INTERNAL_SERVER_ERROR, "Internal server error");
    };
  }
}
