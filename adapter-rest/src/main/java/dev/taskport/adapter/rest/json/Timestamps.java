package dev.taskport.adapter.rest.json;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times on the wire (RFC 3339). The service always writes UTC and six fractional digits. */
public final class Timestamps {
  private static final String FORM = "0000-00-00T00:00:00.000000Z";

  /** Accepts a space before the offset: a plus sign that a client didn't escape in a query. */
  private static final Pattern RFC_3339 =
      Pattern.compile(
          "(\\d{4}-\\d\\d-\\d\\d)[T ](\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?)(Z|[-+ ]\\d\\d:\\d\\d)");

  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

  private static final long MICROS = 1_000_000;

  private Timestamps() {}

  /** Microseconds since 1970. */
  public static long micros(Instant time) {
    return time.getEpochSecond() * MICROS + time.getNano() / 1000;
  }

  public static Instant ofMicros(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000);
  }

  /** The time as text; of the years 0 to 9999. */
  public static String format(Instant time) {
    return new String(ascii(time), StandardCharsets.ISO_8859_1);
  }

  /** Like {@link #format}, as the bytes of the characters. A formatter takes ten times as long. */
  static byte[] ascii(Instant time) {
    LocalDateTime utc = LocalDateTime.ofEpochSecond(time.getEpochSecond(), 0, ZoneOffset.UTC);
    if (utc.getYear() < 0 || utc.getYear() > 9999) {
      throw new DateTimeException("The year has no four digits: " + utc.getYear());
    }
    byte[] text = FORM.getBytes(StandardCharsets.ISO_8859_1);
    digits(utc.getYear(), text, 0, 4);
    digits(utc.getMonthValue(), text, 5, 7);
    digits(utc.getDayOfMonth(), text, 8, 10);
    digits(utc.getHour(), text, 11, 13);
    digits(utc.getMinute(), text, 14, 16);
    digits(utc.getSecond(), text, 17, 19);
    digits(time.getNano() / 1000, text, 20, 26);
    return text;
  }

  private static void digits(int number, byte[] text, int from, int to) {
    int rest = number;
    for (int i = to - 1; i >= from; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  /** Whether a task can have this time: the years 1 to 9999. */
  public static boolean isOfTasks(Instant time) {
    return !time.isBefore(FIRST) && !time.isAfter(LAST);
  }

  /** Reads a client's time in any offset; empty when a task can't have this time. */
  public static Optional<Instant> parse(String text) {
    Matcher matcher = RFC_3339.matcher(text.toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String offset = matcher.group(3).replace(' ', '+');
    try {
      Instant time =
          OffsetDateTime.parse(matcher.group(1) + 'T' + matcher.group(2) + offset).toInstant();
      return Optional.of(time).filter(Timestamps::isOfTasks);
    } catch (DateTimeException e) {
      return Optional.empty(); // such as February 30
    }
  }
}
