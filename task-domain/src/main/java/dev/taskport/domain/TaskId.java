package dev.taskport.domain;

import java.util.HexFormat;
import java.util.UUID;

/**
 * A task's identity, unique within its user. Ordered as PostgreSQL orders UUIDs: byte by byte,
 * unsigned (which {@link UUID#compareTo} is not).
 */
public record TaskId(UUID value) implements Comparable<TaskId> {
  private static final String FORM = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

  /**
   * Reads the canonical form of RFC 9562: 8-4-4-4-12 hexadecimal digits, in either case.
   *
   * @throws InvalidValueException for anything else
   */
  public static TaskId parse(String text) {
    if (!isCanonical(text)) {
      throw new InvalidValueException(
          "A task id is a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057");
    }
    return new TaskId(UUID.fromString(text));
  }

  /** By hand, because every request asks. */
  private static boolean isCanonical(String text) {
    if (text.length() != FORM.length()) {
      return false;
    }
    for (int i = 0; i < FORM.length(); i++) {
      char c = text.charAt(i);
      if (FORM.charAt(i) == 'x' ? !HexFormat.isHexDigit(c) : c != '-') {
        return false;
      }
    }
    return true;
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
