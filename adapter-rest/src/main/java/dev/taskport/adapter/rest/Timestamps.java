package dev.taskport.adapter.rest;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times on the wire: RFC 3339 in UTC, always six fractional digits. */
final class Timestamps {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  // A store may know times beyond the calendar, such as PostgreSQL's infinity.
  private static final Instant EARLIEST = LocalDateTime.MIN.toInstant(ZoneOffset.UTC);
  private static final Instant LATEST = LocalDateTime.MAX.toInstant(ZoneOffset.UTC);

  private Timestamps() {}

  static String format(Instant time) {
    if (time.isAfter(LATEST)) {
      return FORMAT.format(LATEST);
    }
    return FORMAT.format(time.isBefore(EARLIEST) ? EARLIEST : time);
  }
}
