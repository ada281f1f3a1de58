package dev.taskport.adapter.rest.http;

import dev.taskport.adapter.rest.json.Timestamps;
import dev.taskport.domain.Revision;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A task's revision as a strong entity tag (RFC 9110, 8.8.3), such as {@code "1bhsqgc7s2y-3"}: the
 * microsecond of its creation in base 36, and its version. Because of the time, a task that is
 * deleted and created again never repeats a tag.
 */
public final class EntityTag {
  private static final Pattern OURS = Pattern.compile("\"(-?[0-9a-z]{1,13})-([0-9]{1,18})\"");

  private EntityTag() {}

  public static String of(Revision revision) {
    long micros = Timestamps.micros(revision.createdAt());
    return '"' + Long.toString(micros, 36) + '-' + revision.version() + '"';
  }

  /**
   * Whether a tag is strong: it stands for exact bytes, which must not be compressed on their way.
   *
   * @param tag null if the answer has none
   */
  public static boolean isStrong(@Nullable String tag) {
    return tag != null && !tag.startsWith("W/");
  }

  /** The tag without the mark of a weak one, for the weak comparison. */
  static String opaque(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }

  /** The revision of this tag; empty if the service never makes such a tag. */
  static Optional<Revision> parse(String tag) {
    Matcher matcher = OURS.matcher(tag);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      long micros = Long.parseLong(matcher.group(1), 36);
      Instant created = Timestamps.ofMicros(micros);
      Revision revision = new Revision(created, Long.parseLong(matcher.group(2)));
      // Tags are compared as texts: one with zeros in front is another.
      return Optional.of(revision).filter(read -> of(read).equals(tag));
    } catch (NumberFormatException e) {
      return Optional.empty(); // too great to be one of ours
    }
  }
}
