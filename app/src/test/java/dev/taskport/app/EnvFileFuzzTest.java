package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.taskport.fuzz.ParserFuzzContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Any bytes as a {@code .env} file: refused without its values, or the same when written again. */
class EnvFileFuzzTest implements ParserFuzzContract {
  private static final String SECRET = "s3cret";

  @Override
  public List<String> seeds() {
    return List.of(
        "",
        "A=1\nexport B = 'it\\'s' # c\r\nC=\"a\\n\\\"b\\\\\" # d\n#e\n  D.x-y= a #b \n",
        "\uFEFFA='s3cret\nmore'",
        "A=\"s3cret",
        "s3cret",
        "A='s3cret' x",
        "A=\nA=2\nA=''\n",
        "A='" + "\\'".repeat(2_000) + "'",
        "A=\"" + "\\n".repeat(2_000) + "\"",
        "# ".repeat(2_000));
  }

  @Override
  public void parse(byte[] input) throws IOException {
    Path file = Files.createTempFile("fuzz", ".env");
    try {
      Map<String, String> variables;
      try {
        variables = EnvFile.read(Files.write(file, input));
      } catch (SettingsException e) {
        assertFalse(String.valueOf(e.getMessage()).contains(SECRET), "The message tells a value");
        return;
      }
      String again =
          variables.entrySet().stream()
              .map(variable -> variable.getKey() + "=\"" + escaped(variable.getValue()) + '"')
              .collect(Collectors.joining("\n"));
      assertEquals(variables, EnvFile.read(Files.writeString(file, again)));
    } finally {
      Files.delete(file);
    }
  }

  private static String escaped(String value) {
    return value
        .replace("\\", "\\\\")
        .replace("\"", "\\\"")
        .replace("\r", "\\r")
        .replace("\n", "\\n");
  }
}
