package dev.taskport.adapter.rest;

import io.micronaut.http.HttpRequest;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The id of a request in answers and logs: the client's {@code X-Request-ID} if it is 1 to 128
 * letters, digits, dots, hyphens and underscores, otherwise a generated one.
 */
public final class RequestId {
  public static final String HEADER = "X-Request-ID";

  private static final String ATTRIBUTE = "taskport.request-id";
  private static final Pattern ACCEPTED = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  private RequestId() {}

  public static String of(HttpRequest<?> request) {
    return request
        .getAttribute(ATTRIBUTE, String.class)
        .orElseGet(
            () -> {
              String sent = request.getHeaders().get(HEADER);
              String id =
                  sent != null && ACCEPTED.matcher(sent).matches()
                      ? sent
                      : UUID.randomUUID().toString();
              request.setAttribute(ATTRIBUTE, id);
              return id;
            });
  }
}
