package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other people's builds download when they use the core or the kit. */
class CorePomsTest {
  /** A BOM is downloaded with all that it imports, even if nothing in it is used. */
  @ParameterizedTest
  @ValueSource(
      strings = {"", "task-domain", "task-application", "kit/task-testkit", "kit/hexagon-rules"})
  void noBomIsImported(String module) throws IOException {
    String pom = Files.readString(Path.of("..").resolve(module).resolve("pom.xml"));

    assertFalse(pom.contains("<scope>import</scope>"), "Import it in the modules that need it");
  }
}
