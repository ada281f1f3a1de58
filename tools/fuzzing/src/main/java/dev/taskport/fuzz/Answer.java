package dev.taskport.fuzz;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An answer of the service.
 *
 * @param headers values by the names in lower case
 * @param body without its transfer and content encoding
 */
public record Answer(int status, Map<String, List<String>> headers, String body) {
  /** The first value of a header, whose name may have any case. */
  public Optional<String> header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream().findFirst();
  }

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }
}
