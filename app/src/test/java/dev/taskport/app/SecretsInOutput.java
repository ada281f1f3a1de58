package dev.taskport.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds secrets in what tests have printed. By convention every password, key and text of a task
 * that a test wants kept secret holds the word {@code s3cret}; tokens and passwords in URLs are
 * known by their form.
 */
final class SecretsInOutput {
  private record Kind(String name, Pattern pattern) {
    Kind(String name, String pattern) {
      this(name, Pattern.compile(pattern, Pattern.CASE_INSENSITIVE));
    }
  }

  private static final List<Kind> KINDS =
      List.of(
          new Kind("a secret of the tests", "s3cret|733363726574"), // the same in hexadecimal
          new Kind("a token", "eyJ[\\w-]{5,}\\.eyJ[\\w-]{5,}"),
          new Kind("a bearer token", "bearer [\\w.~+/-]{12,}"),
          new Kind("a private key", "BEGIN [A-Z ]*PRIVATE KEY"),
          new Kind("a password", "password=[\\w%~.-]{3,}"),
          new Kind("a URL with a password", "\\w://[^/\\s:@]+:[^/\\s:@]+@"));

  /** From the project to the reports of a module in a module. */
  private static final int MAX_DEPTH = 5;

  private static final Pattern OUTPUT =
      Pattern.compile(".*/target/(surefire|failsafe)-reports/.*(-output\\.txt|stream)");

  private SecretsInOutput() {}

  /** Says in which line stands what kind of secret; never the secret itself. */
  static List<String> find(String output) {
    List<String> found = new ArrayList<>();
    String[] lines = output.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      for (Kind kind : KINDS) {
        if (kind.pattern().matcher(lines[i]).find()) {
          found.add("line " + (i + 1) + ": " + kind.name());
        }
      }
    }
    return found;
  }

  /** The files that hold what tests have printed, of all modules below this folder. */
  static List<Path> files(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        root,
        Set.of(),
        MAX_DEPTH,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (OUTPUT.matcher(file.toString().replace('\\', '/')).matches()) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          /** A database's folder, say, of somebody else. */
          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        });
    Collections.sort(files);
    return files;
  }

  static List<String> find(Path root) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : files(root)) {
      // One character for each byte: a broken sequence must not end the search.
      for (String secret : find(Files.readString(file, StandardCharsets.ISO_8859_1))) {
        found.add(root.relativize(file) + " " + secret);
      }
    }
    return found;
  }
}
