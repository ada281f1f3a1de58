package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Java in README.md and docs/, each piece as it would be pasted into a file of its own. */
class SnippetsTest {
  private static final Path PROJECT = Path.of("..");
  private static final Pattern SNIPPET = Pattern.compile("(?ms)^```java\n(.*?)^```$");

  /** What is no whole class, and so compiles in the sample only. */
  private static final Pattern PIECE = Pattern.compile("(?ms)^~~~java\n(.*?)^~~~$");

  private @TempDir Path classes;

  @ParameterizedTest
  @MethodSource("snippets")
  void compilesAsPasted(Snippet snippet) {
    assertEquals(List.of(), errorsIn(snippet.code()), snippet.code());
  }

  @Test
  void aMissingImportIsNoticed() {
    List<String> errors = errorsIn("class Wrong { Duration duration; }");

    assertEquals(1, errors.size());
    assertTrue(errors.get(0).contains("Duration"), errors.get(0));
  }

  @Test
  void theArchitecturePageShowsTheSampleAsItIs() throws IOException {
    String sample =
        Files.readString(
            PROJECT.resolve(
                "kit/samples/hexagon/src/test/java/com/example/exchange/ArchitectureTest.java"));

    List<String> snippets = snippets().map(Snippet::code).toList();

    assertTrue(snippets.contains(sample), "docs/architecture.md must show " + sample);
  }

  @Test
  void thePiecesOfAStoreAreThoseOfTheSample() throws IOException {
    String sample = "";
    for (String file :
        List.of(
            "main/java/com/example/sqlite/SqliteTaskRepository.java",
            "test/java/com/example/sqlite/SqliteTaskRepositoryTest.java")) {
      sample += Files.readString(PROJECT.resolve("kit/samples/sqlite/src").resolve(file));
    }
    List<String> pieces =
        PIECE
            .matcher(Files.readString(PROJECT.resolve("docs/architecture.md")))
            .results()
            .map(piece -> piece.group(1).indent(2).replaceAll("(?m)^ +$", ""))
            .toList();

    assertEquals(3, pieces.size());
    for (String piece : pieces) {
      assertTrue(sample.contains(piece), "The sample has no " + piece);
    }
  }

  static Stream<Snippet> snippets() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(PROJECT.resolve("README.md")));
    try (Stream<Path> docs = Files.list(PROJECT.resolve("docs"))) {
      docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    List<Snippet> snippets = new ArrayList<>();
    for (Path page : pages) {
      SNIPPET
          .matcher(Files.readString(page))
          .results()
          .map((MatchResult match) -> new Snippet(page.getFileName() + "", match.group(1)))
          .forEach(snippets::add);
    }
    return snippets.stream();
  }

  private List<String> errorsIn(String code) {
    JavaFileObject file =
        new SimpleJavaFileObject(
            URI.create("snippet:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return code;
          }
        };
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    boolean compiled =
        ToolProvider.getSystemJavaCompiler()
            .getTask(
                null,
                null,
                diagnostics,
                List.of(
                    "-proc:none",
                    "-classpath",
                    System.getProperty("java.class.path"),
                    "-d",
                    classes.toString()),
                null,
                List.of(file))
            .call();
    List<String> errors =
        diagnostics.getDiagnostics().stream()
            .filter(diagnostic -> diagnostic.getKind() == javax.tools.Diagnostic.Kind.ERROR)
            .map(String::valueOf)
            .toList();
    assertEquals(compiled, errors.isEmpty());
    return errors;
  }

  private record Snippet(String page, String code) {
    @Override
    public String toString() {
      return page + ": " + code.lines().filter(line -> line.contains("class ")).findFirst();
    }
  }
}
