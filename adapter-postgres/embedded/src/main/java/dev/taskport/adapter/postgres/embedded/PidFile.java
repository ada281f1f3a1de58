package dev.taskport.adapter.postgres.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * The file by which a server says that it runs on a database: its first line is the process id, the
 * eighth the state. A server that was killed leaves it behind.
 */
final class PidFile {

  private PidFile() {}

  static Path path(Path cluster) {
    return cluster.resolve("postmaster.pid");
  }

  /** The process id, if there is one; whose it is now is another question. */
  static OptionalLong pid(Path cluster) throws IOException {
    String first = lines(cluster).stream().findFirst().orElse("").strip();
    return first.matches("[1-9][0-9]{0,9}")
        ? OptionalLong.of(Long.parseLong(first))
        : OptionalLong.empty();
  }

  /** Whether that very process accepts connections. */
  static boolean saysReady(Path cluster, long pid) throws IOException {
    List<String> lines = lines(cluster);
    return lines.size() >= 8
        && lines.get(0).strip().equals(Long.toString(pid))
        && lines.get(7).strip().equals("ready");
  }

  private static List<String> lines(Path cluster) throws IOException {
    try {
      return Files.readAllLines(path(cluster), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }
}
