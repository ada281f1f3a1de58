package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the build of another project downloads for the core, with the real Maven and an empty local
 * repository. The one of this build stands in for Maven Central.
 */
@Tag("full")
class CoreDownloadsIT {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final String POM = pom();
  private static final String VERSION =
      find("<artifactId>taskport</artifactId>\\s*<version>(.*?)<");
  private static final String JSPECIFY = find("<jspecify.version>(.*?)<");
  private static final String PLUGIN =
      find("<artifactId>maven-dependency-plugin</artifactId>\\s*<version>(.*?)<");

  @TempDir private Path folder;

  private static String pom() {
    try {
      return Files.readString(PROJECT.resolve("pom.xml"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String find(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(POM);
    if (!matcher.find()) {
      throw new AssertionError("pom.xml has no " + pattern);
    }
    return matcher.group(1);
  }

  @Test
  void theUseCasesNeedTheDomainTheirParentAndJSpecify() throws IOException {
    publish(PROJECT, "taskport");
    publish(PROJECT.resolve("task-domain"), "task-domain");
    publish(PROJECT.resolve("task-application"), "task-application");

    Set<String> downloads = downloads(dependency("task-application"));
    // The plugin that resolves has libraries of its own.
    downloads.removeAll(downloads(""));

    assertEquals(
        Set.of(
            "taskport-%s.pom".formatted(VERSION),
            "task-domain-%s.pom".formatted(VERSION),
            "task-domain-%s.jar".formatted(VERSION),
            "task-application-%s.pom".formatted(VERSION),
            "task-application-%s.jar".formatted(VERSION),
            "jspecify-%s.pom".formatted(JSPECIFY),
            "jspecify-%s.jar".formatted(JSPECIFY)),
        downloads);
  }

  /** Puts the POM of a module, and its jar if it has one, where a build finds them. */
  private void publish(Path module, String name) throws IOException {
    String file = name + "-" + VERSION;
    Path published = folder.resolve("published/dev/taskport").resolve(name).resolve(VERSION);
    Files.createDirectories(published);
    Files.copy(module.resolve("pom.xml"), published.resolve(file + ".pom"));
    Path jar = module.resolve("target").resolve(file + ".jar");
    if (Files.exists(jar)) {
      Files.copy(jar, published.resolve(file + ".jar"));
    }
  }

  private static String dependency(String name) {
    return "<dependency><groupId>dev.taskport</groupId><artifactId>%s</artifactId><version>%s</version></dependency>"
        .formatted(name, VERSION);
  }

  /** The POMs and jars that a project with these dependencies has downloaded once they resolve. */
  private Set<String> downloads(String dependencies) throws IOException {
    Path consumer = Files.createTempDirectory(folder, "consumer");
    Path cache = consumer.resolve("repository");
    Path settings =
        Files.writeString(
            consumer.resolve("settings.xml"),
            "<settings><mirrors><mirror><id>build</id><mirrorOf>central</mirrorOf><url>%s</url></mirror></mirrors></settings>"
                .formatted(localRepository().toUri()));
    Files.writeString(
        consumer.resolve("pom.xml"),
        """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>com.example</groupId>
          <artifactId>consumer</artifactId>
          <version>1</version>
          <repositories>
            <repository><id>published</id><url>%s</url></repository>
          </repositories>
          <dependencies>%s</dependencies>
        </project>
        """
            .formatted(folder.resolve("published").toUri(), dependencies));
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.remove("MAVEN_ARGS");
    Command maven =
        Command.run(
            consumer,
            environment,
            List.of(
                PROJECT.resolve("mvnw").toString(),
                "-B",
                "-s",
                settings.toString(),
                "-Dmaven.repo.local=" + cache,
                "org.apache.maven.plugins:maven-dependency-plugin:" + PLUGIN + ":resolve"));
    assertEquals(0, maven.status(), maven.output());
    try (Stream<Path> files = Files.walk(cache)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".pom") || name.endsWith(".jar"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static Path localRepository() {
    String said = System.getProperty("maven.repo.local");
    return said == null
        ? Path.of(System.getProperty("user.home"), ".m2", "repository")
        : Path.of(said);
  }
}
