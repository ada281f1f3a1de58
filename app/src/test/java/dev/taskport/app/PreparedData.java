package dev.taskport.app;

import dev.taskport.adapter.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;

/** Data folders whose database is made and empty: making one takes seconds, copying it does not. */
final class PreparedData {
  private static final Path MADE = make();

  private PreparedData() {}

  /** Fills the data folder of a service that runs in this folder, and gives it. */
  static Path in(Path folder) {
    Path data = folder.resolve("data");
    try (Stream<Path> tree = Files.walk(MADE)) {
      for (Path from : tree.toList()) {
        Files.copy(
            from,
            data.resolve(MADE.relativize(from).toString()),
            LinkOption.NOFOLLOW_LINKS,
            StandardCopyOption.COPY_ATTRIBUTES);
      }
      return data;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path make() {
    try {
      Path folder = Files.createTempDirectory("taskport-prepared");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      EmbeddedPostgres.start(folder).close();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
