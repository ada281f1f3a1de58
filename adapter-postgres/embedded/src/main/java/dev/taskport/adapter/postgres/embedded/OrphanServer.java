package dev.taskport.adapter.postgres.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server that still runs after its service was killed, on systems that don't end it
 * automatically.
 */
final class OrphanServer {

  private static final Logger LOG = LoggerFactory.getLogger(OrphanServer.class);

  private OrphanServer() {}

  /**
   * Whether a process runs a PostgreSQL that was unpacked into this data folder. False for a
   * zombie, and for a different process that got the same id later.
   */
  private static boolean isOurs(DataFolder folder, long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().command())
        .filter(program -> program.startsWith(folder.binaries() + File.separator))
        .isPresent();
  }

  /** Stops a server that a killed service left running, if there is one. */
  static void stop(Programs tools) throws IOException {
    DataFolder folder = tools.folder();
    OptionalLong recorded = PidFile.pid(folder.cluster());
    if (recorded.isEmpty()) {
      deleteEmptyPidFile(folder);
    } else if (isOurs(folder, recorded.getAsLong())) {
      stop(tools, recorded.getAsLong());
    }
  }

  /**
   * Deletes an empty process id file, as a power cut or a full disk may leave it. PostgreSQL would
   * not start with it.
   */
  private static void deleteEmptyPidFile(DataFolder folder) throws IOException {
    Path file = PidFile.path(folder.cluster());
    if (Files.exists(file)
        && ProcessHandle.allProcesses().noneMatch(process -> isOurs(folder, process.pid()))) {
      Files.delete(file);
    }
  }

  private static void stop(Programs tools, long pid) throws IOException {
    LOG.warn("Stopping PostgreSQL (process {}), which an earlier service left running", pid);
    if (!ends(tools, pid, "INT", Programs.ORDERLY_STOP_LIMIT)
        && !ends(tools, pid, "QUIT", Programs.IMMEDIATE_STOP_LIMIT)) {
      throw new EmbeddedPostgresException(
          "PostgreSQL (process "
              + pid
              + "), which an earlier service left running on "
              + tools.folder().path()
              + ", does not stop: end it with `kill -9 "
              + pid
              + "` and start again");
    }
  }

  private static boolean ends(Programs tools, long pid, String signal, Duration limit)
      throws IOException {
    tools.signal(signal, pid);
    long deadline = System.nanoTime() + limit.toNanos();
    while (isOurs(tools.folder(), pid)) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      LockSupport.parkNanos(Programs.POLL.toNanos());
    }
    return true;
  }
}
