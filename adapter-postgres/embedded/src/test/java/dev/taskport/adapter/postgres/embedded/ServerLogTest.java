package dev.taskport.adapter.postgres.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerLogTest {

  private static final String LINE = "x".repeat(99_999);

  @TempDir Path folder;

  @Test
  void theLogsSizeIsBoundedAndItsEndIsKept() throws IOException {
    ServerLog log = new ServerLog(folder.resolve("log"));
    for (int line = 0; line < 200; line++) {
      log.write(LINE);
    }
    log.write("the end");
    log.close();
    try (Stream<Path> files = Files.list(folder.resolve("log"))) {
      List<Path> all = files.sorted().toList();
      assertEquals(1 + ServerLog.EARLIER, all.size());
      for (Path file : all) {
        assertTrue(Files.size(file) <= ServerLog.MAX_BYTES, file::toString);
      }
    }
    assertTrue(Files.readString(log.file()).endsWith("the end\n"));
  }

  @Test
  void theLogGoesOnWhereItStopped() throws IOException {
    for (String line : List.of("first", "second")) {
      ServerLog log = new ServerLog(folder.resolve("log"));
      log.write(line);
      log.close();
    }
    assertEquals("first\nsecond\n", Files.readString(folder.resolve("log/postgres.log")));
  }

  @Test
  void aLogThatCannotBeWrittenStopsNobody() throws IOException {
    Path file = Files.createFile(folder.resolve("log"));
    ServerLog log = new ServerLog(file);
    log.write("lost");
    log.write("lost");
    log.close();
    Files.delete(file);
    log.write("kept");
    log.close();
    assertEquals("kept\n", Files.readString(log.file()));
  }
}
