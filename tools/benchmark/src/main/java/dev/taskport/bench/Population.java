package dev.taskport.bench;

import dev.taskport.domain.UserId;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Who has how many of a table's tasks: one user a tenth of them, at most a million; users of 1,000
 * a third; users of 10 the rest.
 *
 * @param rows how many tasks there are; at least 10,000
 */
record Population(long rows) {
  static final int MEDIUM_SIZE = 1_000;
  static final int SMALL_SIZE = 10;

  /** How many users stand for the others of their kind. */
  private static final int SAMPLE = 100;

  Population {
    if (rows < 10_000) {
      throw new IllegalArgumentException("BENCH_ROWS: a table needs 10,000 rows or more");
    }
  }

  /** A kind of user. */
  enum Kind {
    LARGEST,
    MEDIUM,
    SMALL
  }

  long sizeOfLargest() {
    return Math.min(1_000_000, rows / 10);
  }

  long mediumUsers() {
    return rows / 3 / MEDIUM_SIZE;
  }

  /** Full ones; one more may have what is left. */
  long smallUsers() {
    return (rows - sizeOfLargest() - mediumUsers() * MEDIUM_SIZE) / SMALL_SIZE;
  }

  long size(Kind kind) {
    return switch (kind) {
      case LARGEST -> sizeOfLargest();
      case MEDIUM -> MEDIUM_SIZE;
      case SMALL -> SMALL_SIZE;
    };
  }

  /** Users of this kind, spread over all of them. */
  List<UserId> sample(Kind kind) {
    long users =
        switch (kind) {
          case LARGEST -> 1;
          case MEDIUM -> mediumUsers();
          case SMALL -> smallUsers();
        };
    int sample = (int) Math.min(users, SAMPLE);
    return IntStream.range(0, sample)
        .mapToObj(i -> UserId.parse(name(kind) + "-" + i * users / sample))
        .toList();
  }

  /** What the names of such users begin with. */
  static String name(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
