package dev.taskport.adapter.postgres.embedded;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {

  @TempDir Path temporary;

  @Tag("full")
  @Test
  void theFolderMayHaveALongAndStrangeName() throws Exception {
    String strange = "it's a %s (really), naïve 数据";
    String encoding = System.getProperty("sun.jnu.encoding");
    if (!strange.equals(new String(strange.getBytes(encoding), encoding))) {
      strange = "it's a %s (really)"; // a JVM in the C locale can't name the other at all
    }
    Path folder = temporary.resolve(strange).resolve(("long".repeat(25) + "/").repeat(5));
    EmbeddedPostgres.start(EmbeddedFixture.unpackedFolder(folder)).close();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
      assertEquals("1", EmbeddedFixture.query(postgres, "SELECT 1"));
    }
  }

  @Test
  void theFirstStartMakesADatabaseAndTheSecondFindsItsRows() throws SQLException {
    Path folder = temporary.resolve("not/there/yet");
    String password;
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
      password = postgres.password();
      EmbeddedFixture.execute(postgres, "CREATE TABLE kept (n int)");
      EmbeddedFixture.execute(postgres, "INSERT INTO kept VALUES (42)");
    }
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
      assertEquals("42", EmbeddedFixture.query(postgres, "SELECT n FROM kept"));
      assertEquals(password, postgres.password());
    }
  }

  @Test
  void aColdCopyHoldsTheSameRowsThoughItsPermissionsAreLost() throws Exception {
    Path original = Files.createDirectory(temporary.resolve("original"));
    Path copy = Files.createDirectory(temporary.resolve("copy"));
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(EmbeddedFixture.usedFolder(original))) {
      EmbeddedFixture.execute(postgres, "INSERT INTO kept VALUES (43)");
    }
    EmbeddedFixture.copy(original, copy);
    try (Stream<Path> tree = Files.walk(copy)) {
      for (Path path : tree.filter(path -> !Files.isSymbolicLink(path)).toList()) {
        Set<PosixFilePermission> looser = EnumSet.copyOf(Files.getPosixFilePermissions(path));
        looser.addAll(PosixFilePermissions.fromString("r--r--r--"));
        if (Files.isDirectory(path)) {
          looser.addAll(PosixFilePermissions.fromString("--x--x--x"));
        }
        Files.setPosixFilePermissions(path, looser);
      }
    }
    try (EmbeddedPostgres both = EmbeddedPostgres.start(original);
        EmbeddedPostgres postgres = EmbeddedPostgres.start(copy)) {
      assertEquals(
          "42,43",
          EmbeddedFixture.query(postgres, "SELECT string_agg(n::text, ',' ORDER BY n) FROM kept"));
      assertEquals(
          "42,43",
          EmbeddedFixture.query(both, "SELECT string_agg(n::text, ',' ORDER BY n) FROM kept"));
      assertEquals(
          PosixFilePermissions.fromString("rwx------"), Files.getPosixFilePermissions(copy));
      assertEquals(
          PosixFilePermissions.fromString("rw-------"),
          Files.getPosixFilePermissions(copy.resolve("cluster/pgpass")));
    }
  }

  @Tag("full")
  @Test
  void theDatabasesFolderAloneIsABackupAndItsPathMayBeRelative() throws Exception {
    Path used = EmbeddedFixture.usedFolder(Files.createDirectory(temporary.resolve("used")));
    Path here = Path.of("").toAbsolutePath();
    Path restored = here.relativize(temporary.toRealPath().resolve("restored"));
    EmbeddedFixture.copy(used.resolve("cluster"), restored.resolve("cluster"));
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(restored)) {
      assertEquals("42", EmbeddedFixture.query(postgres, "SELECT n FROM kept"));
    }
  }

  @Test
  void lostPasswordsAreReplaced() throws Exception {
    EmbeddedFixture.usedFolder(temporary);
    Files.delete(temporary.resolve("cluster/pgpass"));
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(temporary)) {
      assertEquals("42", EmbeddedFixture.query(postgres, "SELECT n FROM kept"));
    }
  }

  @Test
  void aNameThatInitdbWouldMisreadIsRefused() throws Exception {
    Path folder = EmbeddedFixture.unpackedFolder(temporary.resolve("$HOME"));
    EmbeddedPostgresException refused =
        assertThrows(EmbeddedPostgresException.class, () -> EmbeddedPostgres.start(folder));
    assertTrue(String.valueOf(refused.getMessage()).contains("DATA_DIR"), refused.getMessage());
  }

  @Tag("full")
  @Test
  void stoppingEndsOpenConnectionsAndMayBeRepeated() throws Exception {
    EmbeddedPostgres postgres = startUsed();
    try (Connection open = EmbeddedFixture.connect(postgres);
        Statement statement = open.createStatement()) {
      open.setAutoCommit(false);
      statement.execute("INSERT INTO kept VALUES (43)");
      postgres.close();
      assertThrows(SQLException.class, () -> statement.execute("SELECT 1"));
    }
    assertDoesNotThrow(postgres::close);
    try (EmbeddedPostgres again = EmbeddedPostgres.start(temporary)) {
      assertEquals("42", EmbeddedFixture.query(again, "SELECT string_agg(n::text, ',') FROM kept"));
    }
  }

  private EmbeddedPostgres startUsed() throws IOException, SQLException {
    return EmbeddedPostgres.start(EmbeddedFixture.usedFolder(temporary));
  }
}
