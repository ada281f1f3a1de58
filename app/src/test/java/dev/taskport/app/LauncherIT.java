package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * When the launcher builds and which Java it takes, in a checkout whose path has a space. A script
 * stands in for Maven here, so that many builds can be looked at; {@link LauncherBuildIT} is the
 * real one.
 */
class LauncherIT {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));
  private static final String VERSION = "taskport \\d+\\.\\d+\\.\\d+\\S* \\(Java .*\\)";

  /** Notes how it was called, and "builds" the real jar and libraries. */
  private static final String MAVEN =
      """
      #!/bin/sh
      echo "$JAVA_HOME|$HOME|$*" >>builds
      mkdir -p app/target
      echo '[INFO] Downloaded from central: https://repository.invalid/a.jar'
      echo '[INFO] Building Taskport: the service 1.0'
      ln -sf "$REAL/taskport.jar" app/target/taskport.jar
      [ ! -e interrupt ] || { echo '[ERROR] interrupted' && rm interrupt && exit 130; }
      rm -f app/target/lib && ln -s "$REAL/lib" app/target/lib
      """;

  @TempDir private Path folder;
  private Path checkout;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void checkOut() throws IOException {
    checkout = Files.createDirectory(folder.resolve("task port"));
    Files.copy(Path.of("..", "taskport"), checkout.resolve("taskport"));
    script(checkout.resolve("mvnw"), MAVEN);
    write("pom.xml");
    write("app/pom.xml");
    write("app/src/main/java/App.java");
    write("adapter/part/pom.xml");
    write("adapter/part/src/main/resources/note.txt");
    environment.put("REAL", TARGET.toString());
    environment.put("HOME", folder.toString());
    environment.put("PATH", JAVA_HOME.resolve("bin") + ":" + System.getenv("PATH"));
    environment.put("JAVA_HOME", JAVA_HOME.toString());
  }

  private void write(String file) throws IOException {
    Path path = checkout.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, file);
  }

  private static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** A Java that notes when it runs something. */
  private Path java(String name, String... programs) throws IOException {
    Path java = folder.resolve(name);
    script(
        java.resolve("bin/java"),
        "#!/bin/sh\necho run >>'%s'\nexec '%s' \"$@\"\n"
            .formatted(java.resolve("runs"), JAVA_HOME.resolve("bin/java")));
    for (String program : programs) {
      Files.createSymbolicLink(
          java.resolve("bin").resolve(program), JAVA_HOME.resolve("bin").resolve(program));
    }
    Files.copy(JAVA_HOME.resolve("release"), java.resolve("release"));
    environment.put("JAVA_HOME", java.toString());
    return java;
  }

  private static boolean hasRun(Path java) {
    return Files.exists(java.resolve("runs"));
  }

  private Command launch(String... arguments) {
    return Command.run(
        folder,
        environment,
        Stream.concat(
                Stream.of(checkout.resolve("taskport").toString()),
                Stream.of(arguments.length == 0 ? new String[] {"--version"} : arguments))
            .toList());
  }

  private void assertStarts() {
    Command start = launch();
    assertEquals(0, start.status(), start.errors());
    assertTrue(start.output().matches(VERSION), start.output());
  }

  private List<String> builds() throws IOException {
    Path builds = checkout.resolve("builds");
    return Files.exists(builds) ? Files.readAllLines(builds) : List.of();
  }

  private String lastBuild() throws IOException {
    return builds().get(builds().size() - 1);
  }

  @Test
  void itBuildsAtTheFirstStartAndNotAgain() throws IOException {
    assertStarts();
    assertEquals(1, builds().size());
    Command again = launch();
    assertEquals("", again.errors());
    assertEquals(1, builds().size());
  }

  @Test
  void itTellsHowFarTheBuildHasCome() throws IOException {
    Command start = launch();
    assertTrue(start.errors().contains("taskport: building with " + JAVA_HOME), start.errors());
    assertTrue(start.errors().contains("Building Taskport: the service"), start.errors());
    assertFalse(start.errors().contains("repository.invalid"), start.errors());
    assertTrue(start.output().matches(VERSION), start.output());
  }

  @Test
  void aBuildInterruptedBetweenTheJarAndItsLibrariesIsDoneAgain() throws IOException {
    write("interrupt");
    Command interrupted = launch();
    assertNotEquals(0, interrupted.status());
    assertTrue(interrupted.errors().contains("[ERROR] interrupted"), interrupted.errors());
    assertTrue(interrupted.errors().endsWith("taskport: the build failed\n"));
    assertStarts();
    assertTrue(lastBuild().contains("clean"), lastBuild());
    assertEquals(2, builds().size());
  }

  @Test
  void anInterruptedRebuildIsDoneAgain() throws IOException {
    assertStarts();
    Files.writeString(checkout.resolve("app/src/main/java/App.java"), "edited");
    write("interrupt");
    assertNotEquals(0, launch().status());
    assertStarts();
    assertEquals(3, builds().size());
  }

  @Test
  void aMissingLibraryIsBroughtBack() throws IOException {
    assertStarts();
    Files.delete(checkout.resolve("app/target/lib"));
    assertStarts();
    assertEquals(2, builds().size());
  }

  @Test
  void whateverTheBuildReadsIsBuiltAnewWhenItChanges() throws IOException {
    assertStarts();
    int builds = 1;
    for (String file :
        List.of(
            "app/src/main/java/App.java",
            "adapter/part/src/main/resources/note.txt",
            "adapter/part/pom.xml",
            "pom.xml")) {
      Files.writeString(checkout.resolve(file), "edited");
      assertStarts();
      assertEquals(++builds, builds().size(), file);
    }
    write("adapter/part/src/main/java/New.java");
    assertStarts();
    assertEquals(++builds, builds().size());
    assertFalse(lastBuild().contains("clean"), lastBuild());
  }

  @Test
  void aDeletedSourceIsBuiltAwayFromTheGroundUp() throws IOException {
    assertStarts();
    Files.delete(checkout.resolve("adapter/part/src/main/resources/note.txt"));
    assertStarts();
    assertEquals(2, builds().size());
    assertTrue(lastBuild().contains("clean"), lastBuild());
  }

  @Test
  void aTestOrAStrayFileDoesNotMatter() throws IOException {
    assertStarts();
    write("app/notes.log");
    write("notes.log");
    write("app/src/test/java/AppTest.java");
    write("app/src/main/java/.App.java.swp");
    write("app/src/main/java/App.java~");
    write("data/cluster/pom.txt");
    assertStarts();
    assertEquals(1, builds().size());
  }

  @Test
  void itBuildsAndRunsWithoutHome() throws IOException {
    environment.remove("HOME");
    assertStarts();
    assertFalse(lastBuild().contains("||"), lastBuild());
    assertStarts();
  }

  @Test
  void aUsableJavaHomeIsTakenForBuildingAndForRunning() throws IOException {
    Path java = java("my jdk", "javac");
    assertStarts();
    assertTrue(lastBuild().startsWith(java + "|"), lastBuild());
    assertTrue(hasRun(java));
  }

  @Test
  void aJreIsEnoughToRunWhatIsBuilt() throws IOException {
    assertStarts();
    Path java = java("my jre");
    Command start = launch();
    assertEquals("", start.errors());
    assertTrue(start.output().matches(VERSION), start.output());
    assertTrue(hasRun(java));
  }

  @Test
  void anotherJdkBuildsForAJre() throws IOException {
    Path java = java("my jre");
    assertStarts();
    assertFalse(lastBuild().startsWith(java + "|"), lastBuild());
    assertTrue(hasRun(java));
  }

  @Test
  void aJavaHomeOfNoUseIsNamedAndAnotherJavaTaken() throws IOException {
    assertStarts();
    environment.put("JAVA_HOME", folder.resolve("gone").toString());
    Command start = launch();
    assertTrue(start.output().matches(VERSION), start.output());
    assertTrue(start.errors().startsWith("taskport: JAVA_HOME is not"), start.errors());

    Path old = java("java 8");
    Files.writeString(old.resolve("release"), "JAVA_VERSION=\"1.8.0_402\"\n");
    assertTrue(launch().errors().startsWith("taskport: JAVA_HOME is not"));
    assertFalse(hasRun(old));
  }

  @Test
  void itRunsThroughALinkAndPassesArgumentsAndStatusOn() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), checkout.resolve("taskport"));
    environment.put("JWT_SECRET", "s3cret-of-more-than-thirty-two-bytes");
    Command token =
        Command.run(folder, environment, List.of(link.toString(), "token", "ann *  smith"));
    assertTrue(token.errors().endsWith("a token for ann *  smith, good for 60 minutes\n"));
    assertEquals(1, launch("no-such-command").status());
  }
}
