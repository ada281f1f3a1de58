package dev.taskport.adapter.rest.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a request.
 *
 * @param detail a sentence for the person who sent it
 * @param pointer where in the body, as a JSON pointer (RFC 6901) in a URI fragment
 * @param parameter which path, query or header parameter
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
