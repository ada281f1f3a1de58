package dev.taskport.adapter.rest.http;

import dev.taskport.adapter.rest.problem.InvalidInputException;
import dev.taskport.adapter.rest.problem.Violation;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.InvalidValueException;
import io.micronaut.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code Idempotency-Key} as in draft-ietf-httpapi-idempotency-key-header-07; also accepted
 * unquoted.
 */
public final class IdempotencyKeyHeader {
  public static final String NAME = "Idempotency-Key";

  private IdempotencyKeyHeader() {}

  /**
   * The key of a request without the quotes around it; {@code null} if there is none.
   *
   * @throws InvalidInputException when the header holds no valid key, or is sent several times
   */
  public static @Nullable IdempotencyKey of(HttpHeaders headers) {
    List<String> lines = headers.getAll(NAME);
    if (lines.isEmpty()) {
      return null;
    }
    if (lines.size() > 1) {
      throw new InvalidInputException(
          List.of(Violation.of(NAME, "Send one Idempotency-Key, not several")));
    }
    String key = lines.get(0).strip();
    if (key.length() >= 2 && key.startsWith("\"") && key.endsWith("\"")) {
      // A string of RFC 8941: backslashes escape quotes and themselves.
      key = key.substring(1, key.length() - 1).replaceAll("\\\\([\"\\\\])", "$1");
    }
    try {
      return IdempotencyKey.parse(key);
    } catch (InvalidValueException e) {
      throw new InvalidInputException(List.of(Violation.of(NAME, String.valueOf(e.getMessage()))));
    }
  }
}
