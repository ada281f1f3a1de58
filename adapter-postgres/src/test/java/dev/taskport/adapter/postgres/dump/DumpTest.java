package dev.taskport.adapter.postgres.dump;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.TestDatabase;
import dev.taskport.adapter.postgres.migration.Migrations;
import dev.taskport.adapter.postgres.migration.lock.MigrationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** What is dumped comes back, all of it or nothing. */
class DumpTest {

  @TempDir Path folder;

  @Test
  void everyRowComesBackInAnotherDatabase() {
    PGSimpleDataSource original = filled();
    PGSimpleDataSource copy = TestDatabase.empty();
    Path file = folder.resolve("tasks.dump");

    assertEquals(4, new Dump(original).write(file));
    assertEquals(4, new Restore(copy).read(file));

    assertEquals(content(original), content(copy));
    assertEquals(version(original), version(copy));
    assertEquals(
        List.of("There is nothing to do.", "Nothing was changed."),
        last(2, new Migrations(copy).plan()));
  }

  @Tag("full")
  @Test
  void aServiceThatWasStartedBeforeOnTheNewDatabaseIsNoHindrance() {
    PGSimpleDataSource original = filled();
    PGSimpleDataSource copy = TestDatabase.migrated();
    Path file = folder.resolve("tasks.dump");
    new Dump(original).write(file);
    new Restore(copy).read(file);
    assertEquals(content(original), content(copy));
  }

  @Test
  void theLogKeepsItsNumbersButWhoHasReadItStartsOver() {
    PGSimpleDataSource original = filled();
    TestDatabase.execute(
        original,
        "UPDATE tasks SET title = 'Edited' WHERE user_id = 'ann';"
            + " DELETE FROM tasks WHERE user_id = '\\.';"
            + " INSERT INTO forgotten_changes VALUES ('bob', 3)");
    String numbers =
        "SELECT string_agg(concat_ws(' ', user_id, number), ',' ORDER BY user_id) FROM change_logs";
    String newest = "SELECT max(started_at) FROM change_logs";
    String oldest = "SELECT min(started_at) FROM change_logs";
    PGSimpleDataSource copy = TestDatabase.empty();
    Path file = folder.resolve("tasks.dump");
    new Dump(original).write(file);
    new Restore(copy).read(file);

    assertEquals(content(original), content(copy));
    assertEquals(TestDatabase.query(original, numbers), TestDatabase.query(copy, numbers));
    assertTrue(
        TestDatabase.query(original, newest).compareTo(TestDatabase.query(copy, oldest)) < 0);
    TestDatabase.execute(copy, "UPDATE tasks SET title = 'Again' WHERE title = 'Edited'");
    assertEquals(
        "t",
        TestDatabase.query(
            copy,
            "SELECT bool_and(change_number > %s) FROM tasks WHERE title = 'Again'"
                .formatted(
                    TestDatabase.query(
                        original, "SELECT number FROM change_logs WHERE user_id = 'ann'"))));
  }

  @Test
  void everyTableIsInIt() {
    assertEquals(
        String.join(",", DumpFormat.TABLES.stream().sorted().toList()),
        TestDatabase.query(
            TestDatabase.migrated(),
            "SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE relkind IN"
                + " ('r', 'p', 'S') AND NOT relispartition AND relnamespace = current_schema()::regnamespace"
                + " AND relname <> 'taskport_schema_history'"));
  }

  @Tag("full")
  @Test
  void columnsThatATableHadWhenItWasTakenOverComeBackToo() {
    PGSimpleDataSource original = filled();
    TestDatabase.execute(
        original,
        "ALTER TABLE tasks ADD \"of \"\"old\"\" use\" varchar(20), ADD labels text[];"
            + " UPDATE tasks SET \"of \"\"old\"\" use\" = 'kept', labels = '{a,b}'");
    PGSimpleDataSource copy = TestDatabase.empty();
    Path file = folder.resolve("tasks.dump");
    new Dump(original).write(file);
    new Restore(copy).read(file);
    assertEquals(content(original), content(copy));
    assertTrue(content(copy).contains("kept"));
  }

  @Test
  void anOlderReleasesDumpIsBroughtUpToDate() {
    PGSimpleDataSource older = TestDatabase.empty();
    new Migrations(older).migrateTo("1");
    TestDatabase.execute(
        older,
        "INSERT INTO tasks VALUES ('ann', gen_random_uuid(), 'Old', NULL, false, now(), now(), 3)");
    Path file = folder.resolve("tasks.dump");
    new Dump(older).write(file);
    PGSimpleDataSource copy = TestDatabase.empty();
    assertEquals(1, new Restore(copy).read(file));
    assertEquals(version(TestDatabase.migrated()), version(copy));
    assertEquals("Old", TestDatabase.query(copy, "SELECT title FROM tasks"));
  }

  @Test
  void aLaterReleasesDumpIsRefused() throws IOException {
    PGSimpleDataSource later = filled();
    TestDatabase.execute(
        later,
        "UPDATE taskport_schema_history SET version = '1.999' WHERE version = '%s'"
            .formatted(version(later)));
    Path file = folder.resolve("tasks.dump");
    new Dump(later).write(file);
    PGSimpleDataSource copy = TestDatabase.empty();
    MigrationException refused =
        assertThrows(MigrationException.class, () -> new Restore(copy).read(file));
    assertTrue(String.valueOf(refused.getMessage()).contains("1.999"), refused.getMessage());
    assertEquals("0", tables(copy));
  }

  @Test
  void theFileIsForItsOwnerOnlyAndNeverReplacesAnother() throws IOException {
    PGSimpleDataSource original = filled();
    Path file = folder.resolve("tasks.dump");
    new Dump(original).write(file);
    assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
    String before = Files.readString(file);
    TestDatabase.execute(original, "DELETE FROM tasks");
    assertTrue(refusalToWrite(original, file).contains("is there already"));
    assertEquals(before, Files.readString(file));
  }

  @Test
  void aDumpThatFailsHalfWayLeavesNoFile() throws IOException {
    PGSimpleDataSource original = filled();
    PGSimpleDataSource stranger = TestDatabase.stranger(original);
    TestDatabase.execute(
        original,
        "GRANT SELECT ON change_logs, forgotten_changes, deleted_tasks, tasks,"
            + " taskport_schema_history TO "
            + stranger.getUser());
    String refusal = refusalToWrite(stranger, folder.resolve("tasks.dump"));
    assertTrue(refusal.contains("permission denied for table idempotency_keys"), refusal);
    assertEquals(List.of(), files());
  }

  @Test
  void whatCanNotBeWrittenOrReadIsSaid() throws IOException {
    Path nowhere = folder.resolve("no/such/folder");
    assertTrue(refusalToWrite(filled(), nowhere).contains("No such file or directory"));
    assertTrue(refusalToWrite(TestDatabase.empty(), folder.resolve("a")).contains("no schema"));
    assertTrue(refusalToRead(TestDatabase.empty(), nowhere).contains("No such file or directory"));
    assertEquals(List.of(), files());
  }

  @Test
  void aDatabaseThatHoldsSomethingIsRefusedAndLeftAlone() {
    Path file = folder.resolve("tasks.dump");
    new Dump(filled()).write(file);

    PGSimpleDataSource withTasks = filled();
    String before = content(withTasks);
    assertTrue(refusalToRead(withTasks, file).contains("isn't empty"));
    assertEquals(before, content(withTasks));

    PGSimpleDataSource withKeys = filled();
    TestDatabase.execute(withKeys, "DELETE FROM tasks");
    assertTrue(refusalToRead(withKeys, file).contains("isn't empty"));

    PGSimpleDataSource foreign = TestDatabase.empty();
    TestDatabase.execute(foreign, "CREATE TABLE tasks (id int)");
    assertTrue(refusalToRead(foreign, file).contains("not Taskport's"));
    assertEquals("1", tables(foreign));

    PGSimpleDataSource older = TestDatabase.empty();
    new Migrations(older).migrateTo("1");
    assertTrue(refusalToRead(older, file).contains("has version 1 of the schema"));
    assertEquals("1", version(older));
  }

  @Test
  void aDamagedFileIsRefusedBeforeAnythingIsChanged() throws IOException {
    Path file = folder.resolve("tasks.dump");
    new Dump(filled()).write(file);
    byte[] whole = Files.readAllBytes(file);
    PGSimpleDataSource copy = TestDatabase.empty();
    long seed = new Random().nextLong();
    System.out.println("Seed of the damages: " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 100; round++) {
      int at = random.nextInt(whole.length);
      byte[] flipped = whole.clone();
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, round % 2 == 0 ? flipped : Arrays.copyOf(whole, at));
      refusalToRead(copy, file);
    }
    Files.write(
        file,
        (new String(whole, StandardCharsets.UTF_8) + "more\n").getBytes(StandardCharsets.UTF_8));
    refusalToRead(copy, file);
    assertEquals("0", tables(copy));
    Files.write(file, whole);
    assertEquals(4, new Restore(copy).read(file));
  }

  @Tag("full")
  @Test
  void aRestoreThatFailedMayBeRepeated() {
    PGSimpleDataSource original = filled();
    TestDatabase.execute(
        original,
        "CREATE TYPE mood AS ENUM ('good'); ALTER TABLE tasks ADD mood mood DEFAULT 'good'");
    Path file = folder.resolve("tasks.dump");
    new Dump(original).write(file);
    PGSimpleDataSource copy = TestDatabase.empty();
    assertTrue(
        refusalToRead(copy, file).contains("column mood of table tasks is of the type mood"));
    assertEquals("0", TestDatabase.query(copy, "SELECT count(*) FROM tasks"));
    TestDatabase.execute(copy, "CREATE TYPE mood AS ENUM ('good')");
    assertEquals(4, new Restore(copy).read(file));
    assertEquals(content(original), content(copy));
  }

  /** Tasks with all that a text form might stumble over, and keys. */
  private static PGSimpleDataSource filled() {
    PGSimpleDataSource database = TestDatabase.migrated();
    TestDatabase.execute(
        database,
        """
        INSERT INTO tasks VALUES
          ('ann', gen_random_uuid(), 'Buy milk', NULL, false, '2026-01-02 03:04:05.678901Z', now(), 7),
          ('ann', gen_random_uuid(), '\\N', '', true, '0001-01-01 00:00:00Z', now(), 1),
          ('\\.', gen_random_uuid(), E'\\\\.', E'tab\\tline\\nreturn\\rend \\\\ 数据 😀', true, now(),
           '9999-12-31 23:59:59.999999Z', 9223372036854775807),
          ('-- Complete, SHA-256 of the lines above: 0', gen_random_uuid(), '-- Column', 'COPY', false, now(), now(), 1);
        INSERT INTO idempotency_keys VALUES
          ('ann', 'key-1', gen_random_uuid(), '\\x00ff5c0a', now(), 2),
          (E'b\\\\ob', E'key\\t2', gen_random_uuid(), '', now(), 1)""");
    return database;
  }

  private static String content(PGSimpleDataSource database) {
    return Stream.of("tasks", "idempotency_keys", "deleted_tasks", "forgotten_changes")
        .map(
            table ->
                TestDatabase.query(
                    database,
                    "SELECT string_agg(t::text, E'\\n' ORDER BY t::text) FROM %s t"
                        .formatted(table)))
        .toList()
        .toString();
  }

  private static String version(PGSimpleDataSource database) {
    return TestDatabase.query(
        database,
        "SELECT version FROM taskport_schema_history ORDER BY installed_rank DESC LIMIT 1");
  }

  private static String tables(PGSimpleDataSource database) {
    return TestDatabase.query(
        database,
        "SELECT count(*) FROM pg_class WHERE relkind = 'r'"
            + " AND relnamespace = current_schema()::regnamespace");
  }

  private static List<String> last(int count, List<String> lines) {
    return lines.subList(lines.size() - count, lines.size());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static String refusalToWrite(PGSimpleDataSource database, Path file) {
    return message(assertThrows(DumpException.class, () -> new Dump(database).write(file)));
  }

  private static String refusalToRead(PGSimpleDataSource database, Path file) {
    return message(assertThrows(DumpException.class, () -> new Restore(database).read(file)));
  }

  private static String message(DumpException refused) {
    String message = String.valueOf(refused.getMessage());
    assertEquals(1, message.lines().count(), message);
    assertFalse(message.contains("milk"), message);
    return message;
  }
}
