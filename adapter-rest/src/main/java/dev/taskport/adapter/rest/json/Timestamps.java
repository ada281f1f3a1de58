package dev.taskport.adapter.rest.json;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times on the wire (RFC 3339). The service always writes UTC and six fractional digits. */
public final class Timestamps {
  private static final byte[] FORM =
      "0000-00-00T00:00:00.000000Z".getBytes(StandardCharsets.ISO_8859_1);

  /** Of a time as text, in characters. */
  static final int LENGTH = FORM.length;

  private static final int SECONDS_A_DAY = 24 * 60 * 60;

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
    byte[] text = new byte[LENGTH];
    write(time, text, 0);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  /**
   * Like {@link #format}, as the bytes of the characters, from a place on. A formatter takes ten
   * times as long.
   */
  static void write(Instant time, byte[] text, int from) {
    LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(time.getEpochSecond(), SECONDS_A_DAY));
    if (day.getYear() < 0 || day.getYear() > 9999) {
      throw new DateTimeException("The year has no four digits: " + day.getYear());
    }
    int second = Math.floorMod(time.getEpochSecond(), SECONDS_A_DAY);
    System.arraycopy(FORM, 0, text, from, LENGTH);
    int micros = time.getNano() / 1000;
    twoDigits(day.getYear() / 100, text, from);
    twoDigits(day.getYear() % 100, text, from + 2);
    twoDigits(day.getMonthValue(), text, from + 5);
    twoDigits(day.getDayOfMonth(), text, from + 8);
    twoDigits(second / 3600, text, from + 11);
    twoDigits(second / 60 % 60, text, from + 14);
    twoDigits(second % 60, text, from + 17);
    twoDigits(micros / 10_000, text, from + 20);
    twoDigits(micros / 100 % 100, text, from + 22);
    twoDigits(micros % 100, text, from + 24);
  }

  private static void twoDigits(int number, byte[] text, int from) {
    text[from] = (byte) ('0' + number / 10);
    text[from + 1] = (byte) ('0' + number % 10);
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
