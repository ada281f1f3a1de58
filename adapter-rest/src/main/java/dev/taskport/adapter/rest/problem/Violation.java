package dev.taskport.adapter.rest.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * One error in a request.
 *
 * @param detail a sentence for the user who sent it
 * @param pointer the place in the body: a JSON pointer (RFC 6901) in a URI fragment
 * @param parameter the name of the path, query or header parameter
 */
@Serdeable
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Violation(String detail, @Nullable String pointer, @Nullable String parameter) {
  public static Violation at(String pointer, String detail) {
    return new Violation(detail, pointer, null);
  }

  public static Violation of(String parameter, String detail) {
    return new Violation(detail, null, parameter);
  }
}
