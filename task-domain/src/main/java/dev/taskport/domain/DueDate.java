package dev.taskport.domain;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;

/**
 * When a task is due: on a date, without a time zone, or at a time. Both lie in the years 1 to 9999
 * (UTC). A date is ordered as its 00:00 UTC, before a time at the same instant.
 */
public sealed interface DueDate extends Comparable<DueDate> {
  /** The first instant that a task can be due at. */
  Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

  /** The last instant that a task can be due at. */
  Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

  /** On a date, in whatever time zone the user is. */
  record OnDate(LocalDate date) implements DueDate {
    /**
     * Checks the year.
     *
     * @throws InvalidValueException beyond the years 1 to 9999
     */
    public OnDate {
      if (date.getYear() < 1 || date.getYear() > 9999) {
        throw new InvalidValueException(DueDateText.BEYOND);
      }
    }

    @Override
    public Instant instant() {
      return date.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    @Override
    public <R> R match(Function<OnDate, R> onDate, Function<AtTime, R> atTime) {
      return onDate.apply(this);
    }
  }

  /** At a time, in microseconds. */
  record AtTime(Instant instant) implements DueDate {
    /**
     * Cuts the time to microseconds.
     *
     * @throws InvalidValueException beyond the years 1 to 9999
     */
    public AtTime {
      if (instant.isBefore(FIRST) || instant.isAfter(LAST.plusNanos(999))) {
        throw new InvalidValueException(DueDateText.BEYOND);
      }
      instant = instant.truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public <R> R match(Function<OnDate, R> onDate, Function<AtTime, R> atTime) {
      return atTime.apply(this);
    }
  }

  /**
   * Accepts a date ({@code 2026-12-24}) or an RFC 3339 time. The time's seconds and offset are
   * optional; without an offset it is UTC.
   *
   * @throws InvalidValueException for anything else, and beyond the years 1 to 9999
   */
  static DueDate parse(String text) {
    return DueDateText.parse(text, OnDate::new, AtTime::new);
  }

  /**
   * A due date that a store holds. Outside the years 1 to 9999, it becomes the first or the last
   * instant of these years.
   *
   * @param instant {@link #instant()}
   * @param onDate whether it is a date, in UTC, rather than a time
   */
  static DueDate stored(Instant instant, boolean onDate) {
    Instant known = instant.isBefore(FIRST) ? FIRST : instant.isAfter(LAST) ? LAST : instant;
    return onDate ? new OnDate(LocalDate.ofInstant(known, ZoneOffset.UTC)) : new AtTime(known);
  }

  /** The time; of a date, its 00:00 UTC. */
  Instant instant();

  /** Applies the function for this kind of due date, and returns its result. */
  <R> R match(Function<OnDate, R> onDate, Function<AtTime, R> atTime);

  /** Whether it is a date, not a time. */
  default boolean isDate() {
    return match(onDate -> true, atTime -> false);
  }

  @Override
  default int compareTo(DueDate other) {
    int byInstant = instant().compareTo(other.instant());
    return byInstant != 0 ? byInstant : Boolean.compare(other.isDate(), isDate());
  }
}
