package dev.taskport.adapter.rest;

import io.micronaut.http.HttpRequest;
import io.netty.util.AsciiString;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * The id of a request in answers and logs: the client's {@code X-Request-ID} if it is 1 to 128
 * letters, digits, dots, hyphens and underscores, otherwise a generated one.
 */
public final class RequestId {
  public static final AsciiString HEADER = AsciiString.cached("X-Request-ID");

  private static final String ATTRIBUTE = "taskport.request-id";
  private static final Pattern ACCEPTED = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  private RequestId() {}

  public static String of(HttpRequest<?> request) {
    Object known = request.getAttribute(ATTRIBUTE).orElse(null);
    if (known != null) {
      return known.toString();
    }
    String sent = request.getHeaders().get(HEADER);
    String id = sent != null && ACCEPTED.matcher(sent).matches() ? sent : generated();
    request.setAttribute(ATTRIBUTE, id);
    return id;
  }

  /** A UUID of version 4. It need not be hard to guess, so it takes no secure random numbers. */
  private static String generated() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long high = (random.nextLong() & ~0xf000L) | 0x4000L;
    long low = (random.nextLong() >>> 2) | (1L << 63);
    return new UUID(high, low).toString();
  }
}
