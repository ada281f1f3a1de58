package dev.taskport.bench.store;

import dev.taskport.domain.UserId;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How a table's tasks are distributed: one user has a tenth of them, at most a million; users with
 * 1,000 tasks each have a third; users with 10 each have the rest.
 *
 * @param rows how many tasks there are; at least 10,000
 */
record Population(long rows) {
  static final int MEDIUM_SIZE = 1_000;
  static final int SMALL_SIZE = 10;

  /** How many users are sampled for each kind. */
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

  /** The number of users with the full number of tasks; one more user may have the rest. */
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

  /** A sample of the users of this kind, spread evenly. */
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

  /** The prefix of these users' names. */
  static String name(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
