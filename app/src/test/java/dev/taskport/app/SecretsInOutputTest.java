package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That secrets are found, and nothing else. What is planted here is put together, not printed. */
class SecretsInOutputTest {
  private @TempDir Path folder;

  @Test
  void aSecretInTheOutputOfAnyModuleIsFoundAndNotRepeated() throws IOException {
    Path reports = Files.createDirectories(folder.resolve("a/b/target/surefire-reports"));
    Files.writeString(reports.resolve("x.y.FirstTest-output.txt"), "fine\nalso fine\n");
    Files.writeString(reports.resolve("x.y.OtherTest-output.txt"), "fine\nIt is S3CRET-1.\n");
    Files.write(reports.resolve("z-jvmRun1.dumpstream"), new byte[] {-1, 10, 's', '3'});
    Path ofProcesses = Files.createDirectories(folder.resolve("c/target/failsafe-reports"));
    Files.writeString(ofProcesses.resolve("x.y.ServiceIT-output.txt"), "password=abcdefg");

    assertEquals(
        List.of(
            Path.of("a/b/target/surefire-reports/x.y.OtherTest-output.txt")
                + " line 2: a secret of the tests",
            Path.of("c/target/failsafe-reports/x.y.ServiceIT-output.txt") + " line 1: a password"),
        SecretsInOutput.find(folder));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DEBUG eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.",
        "authorization: Bearer 0123456789abcdef",
        "-----BEGIN EC PRIVATE KEY-----",
        "jdbc:postgresql://db/tasks?user=ann&password=x%20y",
        "postgresql://ann:pw@db/tasks",
        "0000 733363726574"
      })
  void aTokenOrPasswordIsKnownByItsForm(String line) {
    assertFalse(SecretsInOutput.find(line).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-21T10:00:00.000Z INFO  Taskport - Listening on https://127.0.0.1:8000; …",
        "the file holds no certificate in PEM (-----BEGIN CERTIFICATE-----)",
        "password authentication failed for user ann",
        "WWW-Authenticate: Bearer",
        "\tat dev.taskport.app.Service.start(Service.java:31)"
      })
  void anHonestLineIsNoSecret(String line) {
    assertEquals(List.of(), SecretsInOutput.find(line));
  }
}
