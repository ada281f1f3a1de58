package dev.taskport.adapter.postgres.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * The file ({@code postmaster.pid}) that marks a database as in use: its first line is the server's
 * process id, its eighth line the state. A killed server leaves it behind.
 */
final class PidFile {

  private PidFile() {}

  static Path path(Path cluster) {
    return cluster.resolve("postmaster.pid");
  }

  /** The process id, if there is one. It may belong to a different process by now. */
  static OptionalLong pid(Path cluster) throws IOException {
    String first = lines(cluster).stream().findFirst().orElse("").strip();
    return first.matches("[1-9][0-9]{0,9}")
        ? OptionalLong.of(Long.parseLong(first))
        : OptionalLong.empty();
  }

  /** Whether the file says that the process with this id accepts connections. */
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
