package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher with the real Maven, in a copy of this checkout whose path has a space. */
@Tag("full")
class LauncherBuildIT {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final Set<String> NO_SOURCES = Set.of(".git", "target", "data");
  private static final long DEADLINE_MINUTES = 5;

  @TempDir private Path folder;

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            if (NO_SOURCES.contains(directory.getFileName().toString())) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(to.resolve(from.relativize(directory)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, to.resolve(from.relativize(file)));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    String repository = System.getProperty("maven.repo.local");
    if (repository != null) {
      environment.put("MAVEN_ARGS", "-Dmaven.repo.local=" + repository);
    }
    return environment;
  }

  private Command version(Path checkout, Map<String, String> environment) {
    return Command.run(
        folder, environment, List.of(checkout.resolve("taskport").toString(), "--version"));
  }

  /** Ends the launcher and all that it has started as soon as the jar is there. */
  private void interruptBuild(Path checkout) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(checkout.resolve("taskport").toString(), "--version")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(environment());
    Process process = builder.start();
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(DEADLINE_MINUTES);
    while (process.isAlive()
        && Files.notExists(checkout.resolve("app/target/taskport.jar"))
        && System.nanoTime() < deadline) {
      process.waitFor(5, TimeUnit.MILLISECONDS);
    }
    List<ProcessHandle> all = process.descendants().toList();
    process.destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
    process.waitFor();
    all.forEach(handle -> handle.onExit().join());
    assertTrue(
        Files.exists(checkout.resolve("app/target/taskport.jar")), "it was interrupted late");
    assertTrue(Files.notExists(checkout.resolve("app/target/taskport.stamp")));
  }

  @Test
  void itBuildsWhatIsUnformattedAfterAnInterruptionWithoutHomeAndAgainWithoutADeletedFile()
      throws IOException, InterruptedException {
    Path checkout = folder.resolve("task port");
    copy(PROJECT, checkout);
    Path main = checkout.resolve("app/src/main/java/dev/taskport/app/Taskport.java");
    Files.writeString(main, "\n\n      // unformatted\n", StandardOpenOption.APPEND);
    Path resource = Files.writeString(checkout.resolve("app/src/main/resources/gone.txt"), "gone");

    interruptBuild(checkout);
    Map<String, String> withoutHome = environment();
    withoutHome.remove("HOME");
    Command start = version(checkout, withoutHome);
    assertEquals(0, start.status(), start.errors());
    assertTrue(start.output().startsWith("taskport "), start.output());
    assertTrue(start.errors().contains("taskport: Building Taskport: the service"));
    Path jar = checkout.resolve("app/target/taskport.jar");
    assertTrue(holds(jar, "gone.txt"));

    Files.delete(resource);
    assertEquals(0, version(checkout, environment()).status());
    assertFalse(holds(jar, "gone.txt"));
  }

  private static boolean holds(Path jar, String entry) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.getEntry(entry) != null;
    }
  }
}
