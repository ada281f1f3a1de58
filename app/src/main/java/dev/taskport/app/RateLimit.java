package dev.taskport.app;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often a client may send a request for tasks.
 *
 * @param requests how many, 1 to 1,000,000
 * @param period in which time: a second, a minute or an hour
 */
record RateLimit(int requests, Duration period) {
  private static final Pattern SYNTAX =
      Pattern.compile("([0-9]{1,7})\\s*/\\s*(second|minute|hour)");

  /**
   * Reads a limit such as {@code 600/minute}.
   *
   * @throws SettingsException if the text is none
   */
  static RateLimit parse(String variable, String text) {
    Matcher limit = SYNTAX.matcher(text);
    int requests = limit.matches() ? Integer.parseInt(limit.group(1)) : 0;
    if (requests < 1 || requests > 1_000_000) {
      throw new SettingsException(
          variable
              + ": it must be a number from 1 to 1000000 and a time, such as 600/minute; the time is"
              + " second, minute or hour");
    }
    Duration period =
        switch (limit.group(2)) {
          case "second" -> Duration.ofSeconds(1);
          case "minute" -> Duration.ofMinutes(1);
          default -> Duration.ofHours(1);
        };
    return new RateLimit(requests, period);
  }
}
