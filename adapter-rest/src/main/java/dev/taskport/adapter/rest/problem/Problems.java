package dev.taskport.adapter.rest.problem;

import dev.taskport.adapter.rest.MediaTypes;
import dev.taskport.adapter.rest.RequestId;
import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.AsciiString;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Writes every answer with a status of 400 or above. The framework's own error messages are never
 * sent; each status has a sentence of its own here.
 */
@Singleton
public final class Problems implements ErrorResponseProcessor<Problem> {
  private static final MediaType PROBLEM = MediaType.of(MediaTypes.PROBLEM);

  /** Matches an {@code Accept} header that allows {@code application/problem+json}. */
  private static final Pattern ACCEPTS_PROBLEM =
      Pattern.compile("(^|[,\\s])(\\*/\\*|" + Pattern.quote(MediaTypes.PROBLEM) + ")($|[,;\\s])");

  private static final Pattern ACCEPTS_JSON =
      Pattern.compile("(^|[,\\s])application/json($|[,;\\s])");

  /**
   * In seconds: long enough for a failover or a restart to make progress, short enough for a user
   * to wait.
   */
  private static final String RETRY_AFTER_SECONDS = "2";

  /**
   * The header that carries the reason of a refusal to the metrics; the connection takes it out of
   * the answer.
   */
  public static final AsciiString REFUSAL = AsciiString.cached("taskport-refusal");

  /** The reasons of refusals: one word each, a label of the metrics. */
  public static final Set<String> REFUSALS =
      Set.of("overload", "unreachable", "busy", "full", "streams", "memory", "keys");

  private final boolean asJson;

  /**
   * @param mediaType the media type of all problems: {@code application/problem+json}, or {@code
   *     application/json} for clients that know only this
   */
  Problems(@Value("${taskport.problems.media-type:" + MediaTypes.PROBLEM + "}") String mediaType) {
    asJson = mediaType.equals(MediaType.APPLICATION_JSON);
  }

  /** An error with this sentence. */
  public MutableHttpResponse<Problem> answer(
      HttpRequest<?> request, HttpStatus status, String detail) {
    return write(request, HttpResponse.status(status), detail);
  }

  /** 422: the input has these errors. */
  public MutableHttpResponse<Problem> answer(HttpRequest<?> request, List<Violation> violations) {
    String detail =
        violations.stream()
            .map(Violation::detail)
            .reduce((some, more) -> some + "; " + more.replaceFirst("^The ", "the "))
            .orElseThrow();
    return write(request, HttpResponse.status(HttpStatus.UNPROCESSABLE_ENTITY), detail, violations);
  }

  /** 410: the client must start over. */
  public MutableHttpResponse<Problem> startOver(HttpRequest<?> request) {
    MutableHttpResponse<Problem> answer =
        answer(
            request,
            HttpStatus.GONE,
            "The changes since then are no longer known; drop your copy, and start over without"
                + " since");
    Problem problem = answer.getBody(Problem.class).orElseThrow();
    return answer.body(problem.as("urn:taskport:problem:start-over", "Start Over"));
  }

  /**
   * 503: the service can't do this now, and the client may try again.
   *
   * @param reason one of {@link #REFUSALS}
   */
  public MutableHttpResponse<Problem> unavailable(
      HttpRequest<?> request, String reason, String detail) {
    return answer(request, HttpStatus.SERVICE_UNAVAILABLE, detail)
        .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
        .header(REFUSAL, reason);
  }

  /** Errors that the framework found. */
  @Override
  public MutableHttpResponse<Problem> processResponse(
      ErrorContext context, MutableHttpResponse<?> response) {
    HttpRequest<?> request = context.getRequest();
    HttpStatus status = decoderStatus(request, response.getStatus());
    return write(request, response.status(status), sentence(status));
  }

  /** Turns a response into a problem, in place. */
  public MutableHttpResponse<Problem> write(
      HttpRequest<?> request, MutableHttpResponse<?> response, String detail) {
    return write(request, response, detail, List.of());
  }

  private MutableHttpResponse<Problem> write(
      HttpRequest<?> request,
      MutableHttpResponse<?> response,
      String detail,
      List<Violation> violations) {
    String id = RequestId.of(request);
    Problem problem =
        Problem.of(response.getStatus(), detail, id, violations.isEmpty() ? null : violations);
    MutableHttpResponse<Problem> answer = response.body(problem).contentType(mediaType(request));
    answer.getHeaders().set(RequestId.HEADER, id).add(HttpHeaders.VARY, HttpHeaders.ACCEPT);
    return answer;
  }

  /**
   * Clients that accept only JSON often expect exactly {@code application/json} as the answer's
   * type.
   */
  private MediaType mediaType(HttpRequest<?> request) {
    String accept = String.join(",", request.getHeaders().getAll(HttpHeaders.ACCEPT));
    boolean onlyJson =
        ACCEPTS_JSON.matcher(accept).find() && !ACCEPTS_PROBLEM.matcher(accept).find();
    return asJson || onlyJson ? MediaType.APPLICATION_JSON_TYPE : PROBLEM;
  }

  /** Netty marks a request that it can't decode; the framework turns that only into 400 or 413. */
  private static HttpStatus decoderStatus(HttpRequest<?> request, HttpStatus status) {
    if (request instanceof NettyHttpRequest<?> netty
        && netty.getNativeRequest().decoderResult().isFailure()) {
      Throwable cause = netty.getNativeRequest().decoderResult().cause();
      if (cause instanceof TooLongHttpLineException) {
        return HttpStatus.REQUEST_URI_TOO_LONG;
      }
      if (cause instanceof TooLongHttpHeaderException) {
        return HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
      }
    }
    return status;
  }

  private static String sentence(HttpStatus status) {
    return switch (status) {
      case BAD_REQUEST -> "The request is malformed";
      case FORBIDDEN -> "Not allowed";
      case NOT_FOUND -> "Not Found";
      case METHOD_NOT_ALLOWED ->
          "This path doesn't take the method; the Allow header lists those it does";
      case NOT_ACCEPTABLE -> "This path answers in none of the accepted media types";
      case REQUEST_TIMEOUT -> "The request took too long to arrive";
      case REQUEST_ENTITY_TOO_LARGE -> "The body is too large";
      case REQUEST_URI_TOO_LONG -> "The URI is too long";
      case REQUEST_HEADER_FIELDS_TOO_LARGE -> "The headers are too large";
      case UNSUPPORTED_MEDIA_TYPE -> "Send the body as application/json";
      case INTERNAL_SERVER_ERROR -> "Internal server error";
      default -> status.getReason();
    };
  }
}
