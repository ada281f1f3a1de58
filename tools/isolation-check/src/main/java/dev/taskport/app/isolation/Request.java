package dev.taskport.app.isolation;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request, without its token.
 *
 * @param target the path and the query, exactly as they are sent
 * @param headers names and values in turn
 */
record Request(String method, String target, List<String> headers, @Nullable String body) {
  static Request of(String method, String target) {
    return new Request(method, target, List.of(), null);
  }

  Request with(String header, String value) {
    return new Request(
        method, target, Stream.concat(headers.stream(), Stream.of(header, value)).toList(), body);
  }

  Request withMethod(String newMethod) {
    return new Request(newMethod, target, headers, body);
  }

  Request to(String newTarget) {
    return new Request(method, newTarget, headers, body);
  }

  Request withQuery(String query) {
    return to(target + (target.indexOf('?') < 0 ? '?' : '&') + query);
  }

  Request withBody(String type, String text) {
    return new Request(method, target, headers, text).with("Content-Type", type);
  }

  Request withBody(@Nullable String text) {
    return new Request(method, target, headers, text);
  }

  /** Whether the method is one that changes data. */
  boolean writes() {
    return !List.of("GET", "HEAD", "OPTIONS", "TRACE").contains(method);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(method).append(' ').append(target);
    for (int i = 0; i < headers.size(); i += 2) {
      text.append(", ").append(headers.get(i)).append(": ").append(headers.get(i + 1));
    }
    return text.toString();
  }
}
