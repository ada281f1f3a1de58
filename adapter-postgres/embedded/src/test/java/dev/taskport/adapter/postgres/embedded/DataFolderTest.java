package dev.taskport.adapter.postgres.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders that can't be used, and what is said then. */
class DataFolderTest {

  /** For tests that leave it as they find it: a copy of a database is 47 MB. */
  @TempDir static Path used;

  @TempDir Path folder;

  @BeforeAll
  static void fill() throws Exception {
    EmbeddedFixture.usedFolder(used);
  }

  @Test
  void aSecondServiceOnTheSameFolderIsRefused() throws Exception {
    String own = Long.toString(ProcessHandle.current().pid());
    try (EmbeddedPostgres first = EmbeddedPostgres.start(used)) {
      // In this order: the refusal in the same process must not open the folder to other processes.
      assertTrue(refusal(used).contains("in use by another Taskport (process " + own + ")"));
      try (EmbeddedService second = EmbeddedService.start(used)) {
        String refusal = String.valueOf(second.says());
        assertTrue(refusal.startsWith("refused The data folder " + used.toRealPath()), refusal);
        assertTrue(refusal.contains("in use by another Taskport (process " + own + ")"), refusal);
      }
      assertEquals("42", EmbeddedFixture.query(first, "SELECT n FROM kept"));
    }
    EmbeddedPostgres.start(used).close();
  }

  @Test
  void anotherMajorVersionsDatabaseIsRefusedAndLeftAlone() throws Exception {
    Path version = used.resolve("cluster/PG_VERSION");
    Files.writeString(version, "17\n");
    String refusal = refusal(used);
    assertTrue(refusal.contains("PostgreSQL 17") && refusal.contains("PostgreSQL 18"), refusal);
    assertTrue(refusal.contains("`./taskport dump FILE` with the Taskport that wrote"), refusal);
    assertTrue(refusal.contains("`./taskport restore FILE`"), refusal);
    Files.writeString(version, "18\n");
    EmbeddedPostgres.start(used).close();
  }

  @Test
  void aDatabaseWithoutItsHeartIsRefused() throws Exception {
    EmbeddedFixture.usedFolder(folder);
    Files.delete(folder.resolve("cluster/PG_VERSION"));
    assertTrue(refusal(folder).contains("restore the folder from a backup"));
    Path control = EmbeddedFixture.copy(folder, folder).resolve("cluster/global/pg_control");
    Files.writeString(folder.resolve("cluster/PG_VERSION"), "18\n");
    Files.delete(control);
    String refusal = refusal(folder);
    assertTrue(refusal.contains("pg_control"), refusal);
    assertTrue(
        refusal.contains(folder.toRealPath().resolve("log/postgres.log").toString()), refusal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"notes.txt", "PG_VERSION", "cluster/notes.txt"})
  void somebodyElsesFolderIsRefusedAndLeftAlone(String file) throws IOException {
    Path foreign = folder.resolve(file);
    Files.createDirectories(foreign.resolveSibling("."));
    Files.writeString(foreign, "18\n");
    assertTrue(refusal(folder).contains("holds something else"));
    try (Stream<Path> tree = Files.walk(folder)) {
      assertEquals(List.of(foreign), tree.filter(Files::isRegularFile).toList());
    }
  }

  @Test
  void aVolumesOwnFolderIsNobodyElses() throws Exception {
    Files.createDirectory(EmbeddedFixture.unpackedFolder(folder).resolve("lost+found"));
    Files.delete(folder.resolve("taskport.lock"));
    assertTrue(refusal(folder).contains("binaries"));
    Files.move(folder.resolve("binaries"), folder.resolve(".binaries"));
    DataFolder.open(folder).close();
  }

  @Test
  void onlyItsOwnLeftOversAreDeleted() throws Exception {
    Path own = Files.createDirectory(used.resolve("taskport-new-" + "0f".repeat(16)));
    Files.writeString(own.resolve("half"), "made");
    for (String name : List.of("new-data", "new-1f", "taskport-new-data", "cluster.old")) {
      Files.writeString(Files.createDirectory(used.resolve(name)).resolve("file"), "an operator's");
    }
    EmbeddedPostgres.start(used).close();
    assertFalse(Files.exists(own));
    for (String name : List.of("new-data", "new-1f", "taskport-new-data", "cluster.old")) {
      assertTrue(Files.exists(used.resolve(name).resolve("file")), name);
    }
  }

  @Test
  void aFileIsNoFolder() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertTrue(refusal(file).contains("is a file: set DATA_DIR to a folder"));
    assertTrue(refusal(file.resolve("below")).contains("set DATA_DIR to another folder"));
  }

  @Test
  void aReadOnlyFolderIsRefused() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-x------"));
    try (EmbeddedService service = startAsOrdinaryUser(folder)) {
      String refusal = String.valueOf(service.says());
      assertTrue(refusal.startsWith("refused The data folder " + folder.toRealPath()), refusal);
      assertTrue(refusal.contains("Permission denied"), refusal);
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"unpacking", "initdb"})
  void aFullDiskIsSaidAndNothingHalfIsLeft(String at) throws Exception {
    assumeTrue(can("unshare", "-Urm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"), "no mounts here");
    EmbeddedFixture.unpackedFolder(folder);
    // 20 MB of disk, seen by the service only; the programs need 60, the database 47. Programs that
    // lie elsewhere are there already.
    String script =
        "disk=$0; binaries=$1; shift; mount -t tmpfs -o size=20m,mode=700 tmpfs \"$disk\""
            + " && : > \"$disk\"/taskport.lock && "
            + (at.equals("initdb") ? "ln -s \"$binaries\" \"$disk\"/binaries && " : "")
            + "\"$@\"; ls \"$disk\" | sed 's/^/row /'";
    Path disk = Files.createDirectory(folder.resolve("disk"));
    try (EmbeddedService service =
        EmbeddedService.start(
            List.of(
                "unshare", "-Urm", "sh", "-c", script, disk + "", folder.resolve("binaries") + ""),
            Map.of(),
            disk)) {
      String refusal = String.valueOf(service.says());
      assertTrue(refusal.startsWith("refused "), refusal);
      assertTrue(refusal.contains("No space left on device"), refusal);
      List<String> left = service.saysUntilItEnds();
      assertFalse(left.contains("row cluster"), left.toString());
      assertFalse(
          left.stream().anyMatch(name -> name.startsWith("row taskport-new-")), left.toString());
    }
  }

  @Test
  void rootWithoutAWayOutOfItsRightsIsToldWhatToDo() throws Exception {
    assumeTrue(can("unshare", "-Ur", "true"), "no way to become root here");
    try (EmbeddedService service =
        EmbeddedService.start(
            List.of("unshare", "-Ur"), Map.of("PATH", used.resolve("empty").toString()), used)) {
      String refusal = String.valueOf(service.says());
      assertTrue(refusal.startsWith("refused PostgreSQL does not run as root"), refusal);
      assertTrue(refusal.contains("unshare is missing"), refusal);
      assertTrue(refusal.contains("set DATABASE_URL"), refusal);
    }
  }

  @Tag("full")
  @Test
  void anOrdinaryUserNeedsNoneOfThat() throws Exception {
    EmbeddedFixture.unpackedFolder(folder);
    try (EmbeddedService service = startAsOrdinaryUser(folder)) {
      String said = String.valueOf(service.says());
      assertTrue(said.startsWith("ready "), said);
    }
  }

  @Test
  void theServicesEnvironmentIsNotTheServers() throws Exception {
    // A library of the server's by name: loaded instead of its own, it would keep it from starting.
    Files.writeString(folder.resolve("libxml2.so.2"), "no library");
    Map<String, String> hostile =
        Map.of(
            "PGDATA", "/nowhere",
            "PGPORT", "1",
            "PGOPTIONS", "-c fsync=off",
            "PGSSLMODE", "verify-full",
            "LC_ALL", "xx_YY",
            "LD_LIBRARY_PATH", folder.toString(),
            "TZ", "Asia/Kathmandu");
    try (EmbeddedService service = EmbeddedService.start(List.of(), hostile, used)) {
      String said = String.valueOf(service.says());
      assertTrue(said.startsWith("ready "), said);
    }
  }

  @Test
  void aPortThatSomebodyTookMeanwhileIsNotTheLast() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    try (DataFolder open = DataFolder.open(used);
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Programs tools = new Programs(Binaries.unpack(open), LaunchCommand.here(open), open);
      Iterator<Integer> ports = List.of(taken.getLocalPort(), free).iterator();
      ServerProcess server = ServerProcess.start(tools, ports::next);
      server.stop();
      assertEquals(free, server.port());
    }
  }

  @Tag("full")
  @Test
  void programsThatWentMissingAreUnpackedAgain() throws Exception {
    Path home;
    try (Stream<Path> versions = Files.list(used.resolve("binaries"))) {
      home = versions.findFirst().orElseThrow();
    }
    Files.delete(home.resolve("bin/postgres"));
    Path older = Files.createDirectory(home.resolveSibling("older"));
    EmbeddedPostgres.start(used).close();
    assertTrue(Files.isExecutable(home.resolve("bin/postgres")));
    assertFalse(Files.exists(older));
  }

  /** Root has to give up its rights for this; file permissions hold for it then. */
  private static EmbeddedService startAsOrdinaryUser(Path folder) throws IOException {
    boolean root = PrivateFiles.owner(folder) == 0;
    List<String> prefix = root ? List.of("unshare", "-U") : List.of();
    return EmbeddedService.start(prefix, Map.of(), folder);
  }

  private static boolean can(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String refusal(Path folder) {
    String message =
        String.valueOf(
            assertThrows(EmbeddedPostgresException.class, () -> EmbeddedPostgres.start(folder))
                .getMessage());
    assertEquals(1, message.lines().count(), message);
    return message;
  }
}
