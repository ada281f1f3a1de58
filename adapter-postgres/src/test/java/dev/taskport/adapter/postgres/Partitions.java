package dev.taskport.adapter.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What {@code docs/partition-by-user.sql} makes of a schema. */
final class Partitions {
  private Partitions() {}

  static void make(StoreDatabase database) {
    try {
      database.execute(Files.readString(Path.of("..", "docs", "partition-by-user.sql")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
