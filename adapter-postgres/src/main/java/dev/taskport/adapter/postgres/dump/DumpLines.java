package dev.taskport.adapter.postgres.dump;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Reads a dump line by line, and computes the checksum of all lines read except the last. */
final class DumpLines implements AutoCloseable {

  private final InputStream in;
  private final MessageDigest digest = DumpFormat.sha256();
  private byte[] last = {};

  DumpLines(Path file) throws IOException {
    in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
  }

  /** The next line with its line break, or null after the last one. */
  byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    int next;
    do {
      next = in.read();
      if (next >= 0) {
        line.write(next);
      }
    } while (next >= 0 && next != '\n');
    if (line.size() == 0) {
      return null;
    }
    digest.update(last);
    last = line.toByteArray();
    return last;
  }

  /** The next line as text, without its line break. */
  String text() throws IOException {
    byte[] line = next();
    if (line == null) {
      throw new EOFException("it ends too early");
    }
    return new String(line, UTF_8).replaceFirst("\n$", "");
  }

  /** Whether the last line read has the checksum of the lines before it. Call it only once. */
  boolean isConfirmedByLast() {
    String sum = HexFormat.of().formatHex(digest.digest());
    return Arrays.equals(last, DumpFormat.line(DumpFormat.COMPLETE + sum));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
