package dev.taskport.domain;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the text form of a due date. */
final class DueDateText {
  static final String BEYOND = "The due date must lie in the years 1 to 9999 (UTC)";

  private static final String UNREADABLE =
      "The due date must be a date such as 2026-12-24, a time such as 2026-12-24T18:00:00+01:00"
          + " (RFC 3339), or null";

  private static final Pattern FORM =
      Pattern.compile(
          "(?<date>\\d{4}-\\d\\d-\\d\\d)"
              + "(?:[t ](?<time>\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?)"
              + "(?<offset>z|[-+]\\d\\d:\\d\\d)?)?");

  private DueDateText() {}

  /** Hands what the text says to the function for a date or to the one for a time. */
  static <R> R parse(String text, Function<LocalDate, R> onDate, Function<Instant, R> atTime) {
    Matcher matcher = FORM.matcher(Text.lowerCaseAscii(text));
    if (!matcher.matches()) {
      throw new InvalidValueException(UNREADABLE);
    }
    try {
      LocalDate date = LocalDate.parse(matcher.group("date"));
      String time = matcher.group("time");
      return time == null
          ? onDate.apply(date)
          : atTime.apply(
              date.atTime(LocalTime.parse(time)).toInstant(offset(matcher.group("offset"))));
    } catch (DateTimeException e) {
      throw new InvalidValueException(UNREADABLE); // such as February 30
    }
  }

  private static ZoneOffset offset(@Nullable String text) {
    return text == null || text.equals("z") ? ZoneOffset.UTC : ZoneOffset.of(text);
  }
}
