package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs last in the build: reads what the tests of all modules, and their processes, printed. */
class NoSecretInTheOutput {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

  @Test
  void noTestHasMadeTheServicePrintASecret() throws IOException {
    assertFalse(SecretsInOutput.files(PROJECT).isEmpty(), "no output of tests is found");
    assertEquals(List.of(), SecretsInOutput.find(PROJECT));
  }
}
