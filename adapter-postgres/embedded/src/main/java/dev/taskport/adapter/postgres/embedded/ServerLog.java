package dev.taskport.adapter.postgres.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's log: {@code postgres.log} and up to four earlier ones, {@code postgres.log.1} the
 * youngest, 2 MB each, so 10 MB in all. Thread-safe.
 */
final class ServerLog {

  private static final Logger LOG = LoggerFactory.getLogger(ServerLog.class);

  static final long MAX_BYTES = 2_000_000;
  static final int EARLIER = 4;

  private final Path folder;
  private @Nullable FileChannel channel;
  private long written;
  private boolean failing;

  ServerLog(Path folder) {
    this.folder = folder;
  }

  Path file() {
    return folder.resolve("postgres.log");
  }

  /** Never fails: a broken log must not stop the database. */
  synchronized void write(String line) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
      FileChannel out = channel == null ? open() : channel;
      if (written > 0 && written + bytes.remaining() > MAX_BYTES) {
        out = rotate();
      }
      while (bytes.hasRemaining()) {
        written += out.write(bytes);
      }
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        LOG.warn("PostgreSQL's log {} can't be written: {}", file(), e.toString());
      }
      failing = true;
    }
  }

  private FileChannel open() throws IOException {
    if (!Files.isDirectory(folder)) {
      PrivateFiles.createDirectory(folder);
    }
    PrivateFiles.createIfAbsent(file());
    FileChannel out = FileChannel.open(file(), StandardOpenOption.APPEND);
    channel = out;
    written = out.size();
    return out;
  }

  private FileChannel rotate() throws IOException {
    close();
    for (int number = EARLIER; number > 0; number--) {
      Path younger = number == 1 ? file() : folder.resolve("postgres.log." + (number - 1));
      if (Files.exists(younger)) {
        Files.move(
            younger, folder.resolve("postgres.log." + number), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return open();
  }

  synchronized void close() {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.warn("PostgreSQL's log {} can't be closed: {}", file(), e.toString());
      }
    }
  }
}
