package dev.taskport.app;

import static java.nio.charset.StandardCharsets.UTF_16;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvFileTest {
  @TempDir Path folder;

  @Test
  void noFileIsNoVariable() {
    assertEquals(Map.of(), EnvFile.read(folder.resolve(".env")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          A=b                        | b
          A = b                      | b
            A=b                      | b
          export A=b                 | b
          A=                         | ``
          A=''                       | ``
          A= # nothing               | ``
          A=b=c==                    | b=c==
          A=b c                      | b c
          A=b # comment              | b
          A=b#c                      | b#c
          A=#b                       | #b
          A=it's                     | it's
          A='b # c' # comment        | b # c
          A="b # c"#comment          | b # c
          A='b"c'                    | b"c
          A="b'c"                    | b'c
          A='b\\'c\\\\d\\n'          | b'c\\d\\n
          A="b\\"c\\\\d\\$e"         | b"c\\d\\$e
          A="b\\tc"                  | `b\tc`
          A=b\\tc                    | b\\tc
          A=${B}$1                   | ${B}$1
          A="$1\\\\$2"               | $1\\$2
          A=["http://a","http://b"]  | ["http://a","http://b"]
          A=psql 'postgresql://u@h'  | psql 'postgresql://u@h'
          A=é🔑                      | é🔑
          """)
  void aLineMeansWhatPythonDotenvReadsIntoIt(String line, String value) throws IOException {
    assertEquals(Map.of("A", value), read(line));
    assertEquals(Map.of("A", value), read(line + "\n"));
    assertEquals(
        Map.of("A", value, "Z", "1", "Y", "2"), read("\uFEFFZ=1\r\n#x\r\n" + line + "\r\n\r\nY=2"));
  }

  @Test
  void quotedValuesMaySpanLinesAndTheLastValueCounts() throws IOException {
    assertEquals(
        Map.of("KEY", "-----BEGIN\nabc\n-----END", "A", "2", "B", "x\ny"),
        read("A=1\nKEY=\"-----BEGIN\nabc\n-----END\"\nB='x\r\ny'\n\n#A=3\nA=2\n"));
  }

  @Test
  void longValuesAreNoTrouble() throws IOException {
    String value = "x'y#z\"".repeat(100_000);

    assertEquals(Map.of("A", value), read("A=" + value));
    assertEquals(
        Map.of("A", "x#".repeat(300_000)), read("A='" + "x#".repeat(300_000) + "'\n# " + value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DATABASE_URL: s3cret",
        "DATABASE_URL s3cret",
        "s3cret",
        "=s3cret",
        "A='s3cret",
        "A=\"s3cret",
        "A='s3'cret",
        "A=\"s3cret\\\"",
        "1A=s3cret"
      })
  void aLineThatIsNoneOfThisIsRefusedByNumberWithoutShowingIt(String line) {
    SettingsException refused =
        assertThrows(SettingsException.class, () -> read("B='1\n2'\n\n" + line + "\nC=1\n"));

    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(".env line 4: it is not NAME=value"), message);
    assertFalse(message.contains("s3"), message);
  }

  @Test
  void aFileThatIsNotUtf8OrNoFileIsRefused() throws IOException {
    Path file = folder.resolve(".env");
    Files.write(file, "A=b".getBytes(UTF_16));
    assertTrue(refusal(file).endsWith(".env: the file is not in UTF-8; save it as UTF-8"));

    Files.delete(file);
    Files.createDirectory(file);
    assertTrue(refusal(file).contains(".env: the file can't be read"));
  }

  private static String refusal(Path file) {
    return String.valueOf(
        assertThrows(SettingsException.class, () -> EnvFile.read(file)).getMessage());
  }

  private Map<String, String> read(String text) throws IOException {
    return EnvFile.read(Files.writeString(folder.resolve(".env"), text));
  }
}
