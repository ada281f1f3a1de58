package dev.taskport.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * When the launcher builds, which Java it takes, and when it makes an AOT cache, in a checkout
 * whose path has a space. A script stands in for Maven here, so that many builds can be looked at;
 * {@link LauncherBuildIT} is the real one. For most questions about the cache a script stands in
 * for Java.
 */
class LauncherIT {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));
  private static final String VERSION = "taskport \\d+\\.\\d+\\.\\d+\\S* \\(Java .*\\)";

  /** Migrating, unpacking PostgreSQL, reading XML, code for calls of native functions. */
  private static final Pattern NOT_FOR_A_START =
      Pattern.compile(
          "org\\.flywaydb\\.core\\.Flyway |org\\.tukaani\\.xz\\.lzma\\.|com\\.sun\\.org\\.apache\\.xerces\\."
              + "|jdk\\.internal\\.foreign\\.abi\\.DowncallStub");

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

  /** Notes its arguments, and "makes" an AOT cache if told to, as the file "behaviour" says. */
  private static final String JAVA =
      """
      #!/bin/sh
      cd "${0%/bin/java}"
      echo "$*" >>runs
      for argument in "$@"; do
        case $argument in
          -XX:AOTCacheOutput=*)
            echo half >"${argument#*=}.config"
            echo whole >"${argument#*=}"
            ;;
        esac
      done
      [ ! -e behaviour ] || . ./behaviour
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

  private List<String> launcher() {
    return List.of(checkout.resolve("taskport").toString());
  }

  private Command launch(String... arguments) {
    return Command.run(
        folder,
        environment,
        Stream.concat(
                launcher().stream(),
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

  /** A script instead of a Java of this version, and jars that a test may change. */
  private Path scriptedJava(String version) throws IOException {
    Path java = folder.resolve("java " + version);
    script(java.resolve("bin/java"), JAVA);
    Files.writeString(java.resolve("release"), "JAVA_VERSION=\"%s\"\n".formatted(version));
    Path jars = folder.resolve("jars");
    Files.createDirectories(jars.resolve("lib"));
    Files.writeString(jars.resolve("taskport.jar"), "jar");
    Files.writeString(jars.resolve("lib/library.jar"), "jar");
    environment.put("REAL", jars.toString());
    environment.put("JAVA_HOME", java.toString());
    return java;
  }

  private static List<String> runs(Path java) throws IOException {
    Path runs = java.resolve("runs");
    return Files.exists(runs) ? Files.readAllLines(runs) : List.of();
  }

  private static String lastRun(Path java) throws IOException {
    return runs(java).get(runs(java).size() - 1);
  }

  private Path cache() {
    return checkout.resolve("app/target/taskport.aot");
  }

  private List<String> filesOfTheCache() throws IOException {
    try (Stream<Path> files = Files.list(cache().getParent())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("taskport.aot"))
          .sorted()
          .toList();
    }
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "It does not happen");
      Thread.onSpinWait();
    }
  }

  private void assertTrains() throws IOException {
    Command train = launch("train");
    assertEquals(0, train.status(), train.errors());
    assertEquals(List.of("taskport.aot", "taskport.aot.key"), filesOfTheCache());
  }

  private void assertStartsWithCache(boolean expected, Path java) throws IOException {
    assertEquals(0, launch("--version").status());
    assertEquals(expected, lastRun(java).contains("-XX:AOTCache=" + cache() + " "), lastRun(java));
  }

  @Test
  void anAotCacheIsUsedFromTheNextStartOn() throws IOException {
    Path java = scriptedJava("25.0.3");
    assertStartsWithCache(false, java);
    assertTrains();
    assertStartsWithCache(true, java);
    int runs = runs(java).size();
    assertTrue(launch("train").errors().endsWith("taskport: the AOT cache is up to date\n"));
    assertEquals(runs, runs(java).size());
  }

  @Test
  void theCacheIsMadeWithTheSameFlagsAsItIsUsedWith() throws IOException {
    Path java = scriptedJava("25.0.3");
    assertTrains();
    String training = lastRun(java).replaceFirst("-XX:AOTCacheOutput=.* -jar .*", "");
    assertStartsWithCache(true, java);
    assertEquals(training, lastRun(java).replaceFirst("-Xlog:aot=off -XX:AOTCache=.* -jar .*", ""));
  }

  @Test
  void javaOptsComeAfterTheFlagsThatMakeTheStartCheap() throws IOException {
    Path java = scriptedJava("17.0.1");
    environment.put("JAVA_OPTS", "-Dio.netty.jfr.enabled=true");
    assertEquals(0, launch("--version").status());
    assertTrue(
        lastRun(java)
            .startsWith(
                "-XX:+ExitOnOutOfMemoryError -XX:MetaspaceSize=64m"
                    + " -Dsun.misc.unsafe.memory.access=allow"
                    + " -Dio.netty.jfr.enabled=false -XX:+UseSerialGC"
                    + " -Dio.netty.jfr.enabled=true -jar "),
        lastRun(java));
  }

  @Test
  void anOlderJavaOrOneWhoseOptionsForbidItHasNoCache() throws IOException {
    Path java = scriptedJava("24.0.2");
    assertStartsWithCache(false, java);
    assertEquals(1, launch("train").status());
    assertFalse(String.join(" ", runs(java)).contains("AOT"));

    Path newer = scriptedJava("25.0.3");
    assertTrains();
    environment.put("JAVA_OPTS", "-Xmx1g -XX:AOTMode=off");
    assertStartsWithCache(false, newer);
  }

  @Test
  void aCacheOfAnotherJavaOrOfOtherJarsIsNotUsedButMadeAnew() throws IOException {
    Path java = scriptedJava("25.0.3");
    assertTrains();

    Path newer = scriptedJava("25.0.4");
    assertStartsWithCache(false, newer);
    assertTrains();
    assertStartsWithCache(true, newer);

    for (String jar : List.of("taskport.jar", "lib/library.jar")) {
      Files.setLastModifiedTime(folder.resolve("jars").resolve(jar), FileTime.fromMillis(0));
      assertStartsWithCache(false, newer);
      assertTrains();
      assertStartsWithCache(true, newer);
    }
    assertEquals(1, runs(java).size());
  }

  @Test
  void aTrainingThatFailsOrIsKilledLeavesNoCacheAndNoLock() throws IOException {
    Path java = scriptedJava("25.0.3");
    Files.writeString(java.resolve("behaviour"), "echo 'no room' >&2 && exit 1");
    Command failed = launch("train");
    assertEquals(1, failed.status());
    assertTrue(failed.errors().contains("no room"), failed.errors());
    assertEquals(List.of(), filesOfTheCache());

    Files.writeString(java.resolve("behaviour"), "kill -9 $PPID");
    assertNotEquals(0, launch("train").status());
    assertNotEquals(List.of(), filesOfTheCache(), "it was not killed on the way");
    Files.delete(java.resolve("behaviour"));
    assertStartsWithCache(false, java);
    assertTrains();
    assertStartsWithCache(true, java);
  }

  @Test
  void thereIsOneTrainingAtATime() throws IOException {
    Path java = scriptedJava("25.0.3");
    Path lock = checkout.resolve("app/target/taskport.aot.lock");
    Files.writeString(
        java.resolve("behaviour"),
        "until [ -e enough ]; do sleep 0.05; done"); // the other one is tried meanwhile
    CompletableFuture<Command> first = CompletableFuture.supplyAsync(() -> launch("train"));
    await(() -> Files.isSymbolicLink(lock) && Files.exists(java.resolve("runs")));

    Command second = launch("train");

    assertEquals(1, second.status());
    assertTrue(second.errors().contains("another training is under way"), second.errors());
    Files.createFile(java.resolve("enough"));
    assertEquals(0, first.join().status());
    assertEquals(1, runs(java).size());
    assertEquals(List.of("taskport.aot", "taskport.aot.key"), filesOfTheCache());
  }

  @Test
  @Tag("full") // it waits until the service has started
  void aStartOfTheServiceMakesTheCacheInTheBackground() throws IOException {
    Path java = scriptedJava("25.0.3");
    assertEquals(0, launch("--version").status());
    assertEquals(0, Command.run(folder, environment, launcher()).status());
    await(() -> Files.exists(checkout.resolve("app/target/taskport.aot.key")));
    assertEquals(3, runs(java).size());
    assertStartsWithCache(true, java);
  }

  @Test
  @Tag("full") // it makes a real cache
  void theServiceStartsFromTheCacheAlone() throws IOException {
    assumeTrue(Runtime.version().feature() >= 25, "Java makes AOT caches from 25 on");
    assertTrains();
    environment.put("DATA_DIR", folder.resolve("data").toString());
    assertEquals(0, launch("migrate").status());
    Path classes = folder.resolve("classes.txt");
    // With AOTMode=on the JVM ends if the cache can't be used.
    environment.put("JAVA_OPTS", "-XX:AOTMode=on -Xlog:class+load:file=" + classes);
    environment.put("PORT", "0");
    ProcessBuilder start =
        new ProcessBuilder(launcher()).directory(folder.toFile()).redirectErrorStream(true);
    start.environment().clear();
    start.environment().putAll(environment);
    List<String> loaded;
    Process service = start.start();
    try (BufferedReader lines = service.inputReader()) {
      String listening =
          lines
              .lines()
              .filter(line -> line.contains("Listening on "))
              .findFirst()
              .orElseThrow(() -> new AssertionError("It does not start from the cache"));
      URI uri = URI.create(listening.replaceFirst(".*Listening on (\\S+);.*", "$1"));
      URLConnection list = uri.resolve("/api/ann/tasks").toURL().openConnection();
      assertEquals("[]", new String(list.getInputStream().readAllBytes(), UTF_8));
      loaded =
          Files.readAllLines(classes).stream()
              .map(line -> line.substring(line.lastIndexOf("] ") + 2))
              .toList();
    } finally {
      service.toHandle().destroy();
      service.onExit().join();
    }
    assertEquals(
        List.of(),
        loaded.stream()
            .filter(line -> line.startsWith("dev.taskport.") && !line.contains("$$Lambda"))
            .filter(line -> !line.endsWith(" source: shared objects file"))
            .filter(line -> !line.startsWith("dev.taskport.app.StopSignals")) // of main alone
            .toList(),
        "The training leaves these classes out");
    assertEquals(
        List.of(),
        loaded.stream().filter(line -> NOT_FOR_A_START.matcher(line).lookingAt()).toList(),
        "These classes are of no use for a start");
  }
}
