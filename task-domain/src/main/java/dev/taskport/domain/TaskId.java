package dev.taskport.domain;

import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A task's identity, unique within its user. Ordered as PostgreSQL orders UUIDs: byte by byte,
 * unsigned (which {@link UUID#compareTo} is not).
 */
public record TaskId(UUID value) implements Comparable<TaskId> {
  private static final Pattern CANONICAL =
      Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

  /**
   * Reads the canonical form of RFC 9562: 8-4-4-4-12 hexadecimal digits, in either case.
   *
   * @throws InvalidValueException for anything else
   */
  public static TaskId parse(String text) {
    if (!CANONICAL.matcher(text).matches()) {
      throw new InvalidValueException(
          "A task id is a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057");
    }
    return new TaskId(UUID.fromString(text));
  }

  @Override
  public int compareTo(TaskId other) {
    int high =
        Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(
            value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
  }

  /** The canonical form, in lower case. */
  @Override
  public String toString() {
    return value.toString();
  }
}
