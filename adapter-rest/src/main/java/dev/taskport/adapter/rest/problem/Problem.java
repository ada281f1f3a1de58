package dev.taskport.adapter.rest.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.http.HttpStatus;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error on the wire (RFC 9457).
 *
 * @param type {@code about:blank} where the status tells the kind of problem, otherwise a name for
 *     it
 * @param title the status, or the kind of problem, in words
 * @param status the HTTP status
 * @param detail one sentence for the user; front ends show it unchanged
 * @param instance identifies this occurrence by the request's id
 * @param errors every error of an invalid input
 */
@Serdeable.Serializable
@JsonInclude(JsonInclude.Include.NON_NULL)
record Problem(
    String type,
    String title,
    int status,
    String detail,
    String instance,
    @Nullable List<Violation> errors) {

  static Problem of(
      HttpStatus status, String detail, String requestId, @Nullable List<Violation> errors) {
    return new Problem(
        "about:blank",
        title(status),
        status.getCode(),
        detail,
        "urn:taskport:request:" + requestId,
        errors);
  }

  /** This problem as one of a kind of its own. */
  Problem as(String kind, String kindInWords) {
    return new Problem(kind, kindInWords, status, detail, instance, errors);
  }

  /** The names of RFC 9110; the framework has older ones. */
  private static String title(HttpStatus status) {
    return switch (status) {
      case REQUEST_ENTITY_TOO_LARGE -> "Content Too Large";
      case REQUEST_URI_TOO_LONG -> "URI Too Long";
      case UNPROCESSABLE_ENTITY -> "Unprocessable Content";
      default -> status.getReason();
    };
  }
}
