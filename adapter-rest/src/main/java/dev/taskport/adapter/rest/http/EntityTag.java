package dev.taskport.adapter.rest.http;

import dev.taskport.adapter.rest.json.Timestamps;
import dev.taskport.domain.Revision;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A task's revision as a strong entity tag (RFC 9110, 8.8.3), such as {@code "1bhsqgc7s2y-3"}: the
 * microsecond of its creation in base 36, and its version. The time keeps a task that was deleted
 * and created again from repeating a tag.
 */
public final class EntityTag {
  private static final Pattern OURS = Pattern.compile("\"(-?[0-9a-z]{1,13})-([0-9]{1,18})\"");

  private EntityTag() {}

  public static String of(Revision revision) {
    long micros = Timestamps.micros(revision.createdAt());
    return '"' + Long.toString(micros, 36) + '-' + revision.version() + '"';
  }

  /** The revision that this tag stands for; none when it isn't one of ours. */
  static Optional<Revision> parse(String tag) {
    Matcher matcher = OURS.matcher(tag);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      long micros = Long.parseLong(matcher.group(1), 36);
      Instant created = Timestamps.ofMicros(micros);
      return Optional.of(new Revision(created, Long.parseLong(matcher.group(2))));
    } catch (NumberFormatException e) {
      return Optional.empty(); // too great to be one of ours
    }
  }
}
