package dev.taskport.adapter.rest.http;

import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs, once for each origin, that its pages may not call the service. A client can send any number
 * of origins, so only the first hundred are logged and remembered. Thread-safe.
 */
@Singleton
final class RefusedOrigins {
  private static final Logger LOG = LoggerFactory.getLogger(RefusedOrigins.class);
  private static final int MOST = 100;
  private static final int MAX_LENGTH = 200;
  private static final Pattern UNPRINTABLE = Pattern.compile("[^!-~]");

  private final Set<String> told = new HashSet<>();

  /** Records a call from a page of this origin, which is not allowed. */
  synchronized void note(String origin) {
    String name = printable(origin);
    if (told.size() < MOST && told.add(name)) {
      LOG.warn(
          "Pages of {} call this service, but CORS_ORIGINS doesn't list them: browsers keep the"
              + " answers from them",
          name);
      if (told.size() == MOST) {
        LOG.warn("From now on, other origins that CORS_ORIGINS doesn't list are not logged");
      }
    }
  }

  /** The first 200 characters; those that are not visible ASCII become question marks. */
  static String printable(String origin) {
    String start = origin.length() > MAX_LENGTH ? origin.substring(0, MAX_LENGTH) : origin;
    return UNPRINTABLE.matcher(start).replaceAll("?");
  }
}
