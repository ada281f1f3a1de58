package dev.taskport.adapter.postgres.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.taskport.adapter.postgres.TestDatabase;
import dev.taskport.adapter.postgres.migration.legacy.LegacyBackend;
import dev.taskport.adapter.postgres.migration.lock.MigrationException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.LoggerFactory;

/** The schema from nothing, from one release to the next and back, and what is refused. */
class MigrationsTest {

  @Test
  void anEmptySchemaGetsTheTable() {
    PGSimpleDataSource database = TestDatabase.empty();

    new Migrations(database).migrate();

    assertEquals(
        """
        CREATE INDEX tasks_by_change ON tasks USING btree (user_id, change_number, id)
        CREATE INDEX tasks_list_by_created_at ON tasks USING btree (user_id, completed, created_at, id)
        CREATE INDEX tasks_list_by_due_date ON tasks USING btree (user_id, completed, due_date, ((NOT due_all_day)), id) WHERE (due_date IS NOT NULL)
        CREATE INDEX tasks_list_by_title ON tasks USING btree (user_id, completed, lower(((title)::text COLLATE "C")), id)
        CREATE INDEX tasks_list_by_updated_at ON tasks USING btree (user_id, completed, updated_at, id)
        CREATE INDEX tasks_list_without_due_date ON tasks USING btree (user_id, completed, id) WHERE (due_date IS NULL)
        CREATE UNIQUE INDEX tasks_primary_key ON tasks USING btree (user_id, id)
        change_number bigint NOT NULL DEFAULT 0
        completed boolean NOT NULL
        created_at timestamp with time zone NOT NULL
        description character varying(1000) NULL
        due_all_day boolean NOT NULL DEFAULT false
        due_date timestamp with time zone NULL
        id uuid NOT NULL
        priority text NOT NULL DEFAULT 'medium'::text
        tags text NOT NULL DEFAULT ''::text
        tasks_due_date_in_range CHECK (((due_date >= '0001-01-01 00:00:00+00'::timestamp with time zone) AND (due_date <= '9999-12-31 23:59:59.999999+00'::timestamp with time zone))) NOT VALID
        tasks_primary_key PRIMARY KEY (user_id, id)
        tasks_times_in_range CHECK ((((created_at >= '0001-01-01 00:00:00+00'::timestamp with time zone) AND (created_at <= '9999-12-31 23:59:59.999999+00'::timestamp with time zone)) AND ((updated_at >= '0001-01-01 00:00:00+00'::timestamp with time zone) AND (updated_at <= '9999-12-31 23:59:59.999999+00'::timestamp with time zone))))
        title character varying(200) NOT NULL
        updated_at timestamp with time zone NOT NULL
        user_id character varying(255) NOT NULL
        version bigint NOT NULL DEFAULT 1""",
        LegacyBackend.shape(database));
  }

  @Test
  void theSecondStartChangesNothing() {
    PGSimpleDataSource database = TestDatabase.migrated();
    String before = LegacyBackend.catalog(database);

    new Migrations(database).migrate();

    assertEquals(before, LegacyBackend.catalog(database));
  }

  @Tag("full")
  @Test
  void foreignColumnsOfATableThatWasTakenOverBecomeFields() {
    PGSimpleDataSource database = takenOverBefore();
    TestDatabase.execute(
        database,
        LegacyBackend.FIELDS
            + "ALTER TABLE tasks ALTER priority DROP NOT NULL;"
            + "UPDATE tasks SET priority = CASE completed WHEN true THEN 'High' ELSE 'asap' END,"
            + " tags = ' a , b', due_date = '2026-12-24 18:00:00'");
    String rows = LegacyBackend.contents(database);
    String file = TestDatabase.query(database, "SELECT pg_relation_filenode('tasks')");

    String plan = String.join("\n", new Migrations(database).plan());
    new Migrations(database).migrate();

    assertTrue(plan.contains("column due_date (timestamp without time zone) becomes"), plan);
    assertTrue(plan.contains("6 rows have a priority that is none of"), plan);
    assertTrue(plan.contains("locked for a moment: DROP INDEX"), plan);
    assertEquals(LegacyBackend.shape(TestDatabase.migrated()), LegacyBackend.shape(database));
    assertEquals(rows, LegacyBackend.contents(database));
    assertEquals(file, TestDatabase.query(database, "SELECT pg_relation_filenode('tasks')"));
    assertEquals(
        "high 7, medium 6",
        TestDatabase.query(
            database,
            "SELECT string_agg(priority || ' ' || n, ', ') FROM (SELECT priority, count(*) n"
                + " FROM tasks WHERE tags = 'a,b' AND due_date = '2026-12-24 18:00:00Z'"
                + " GROUP BY 1 ORDER BY 1) x"));
  }

  @Tag("full")
  @Test
  void aForeignColumnOfDatesStaysOneOfDates() {
    PGSimpleDataSource database = takenOverBefore();
    TestDatabase.execute(
        database,
        "ALTER TABLE tasks ADD due_date date;"
            + "UPDATE tasks SET due_date = '2026-12-24' WHERE completed");

    String plan = String.join("\n", new Migrations(database).plan());
    new Migrations(database).migrate();

    assertTrue(plan.contains("Its due dates stay dates; for that all"), plan);
    assertEquals(LegacyBackend.shape(TestDatabase.migrated()), LegacyBackend.shape(database));
    assertEquals(
        "6 f, 7 2026-12-24 00:00:00+00 t",
        TestDatabase.query(
            database,
            "SELECT string_agg(concat_ws(' ', n, due_date, due_all_day), ', ') FROM (SELECT"
                + " count(*) n, due_date, due_all_day FROM tasks GROUP BY 2, 3 ORDER BY 1) x"));
  }

  @Tag("full")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ADD priority integer|column priority is integer instead of",
        "ADD due_date text|column due_date is text instead of timestamp or date: rename it",
        "ADD tags varchar CHECK (tags <> '')|constraint tasks_tags_check"
      })
  void aForeignColumnThatCanNotBecomeAFieldIsRefused(String column, String reason) {
    PGSimpleDataSource database = takenOverBefore();
    TestDatabase.execute(database, "ALTER TABLE tasks " + column);
    String before = LegacyBackend.catalog(database);

    assertRefused(database, reason);

    assertEquals(before, LegacyBackend.catalog(database));
  }

  private static PGSimpleDataSource takenOverBefore() {
    PGSimpleDataSource database = LegacyBackend.database();
    new Migrations(database).migrateTo("1.3");
    return database;
  }

  @Test
  void tablesOfOthersInTheSchemaAreLeftAlone() {
    PGSimpleDataSource database = TestDatabase.empty();
    TestDatabase.execute(
        database, "CREATE TABLE session (id text); CREATE TABLE flyway_schema_history (id text)");

    new Migrations(database).migrate();

    assertEquals("0", TestDatabase.query(database, "SELECT count(*) FROM tasks"));
    assertEquals("0", TestDatabase.query(database, "SELECT count(id) FROM flyway_schema_history"));
  }

  @Test
  void theDryLookOnAnEmptySchemaChangesNothing() {
    PGSimpleDataSource database = TestDatabase.empty();

    List<String> plan = new Migrations(database).plan();

    assertTrue(plan.contains("There is no table tasks: it would be created."), plan.toString());
    assertEquals("null", LegacyBackend.catalog(database));
  }

  @Test
  void theDryLookSaysWhenThereIsNothingToDo() {
    List<String> plan = new Migrations(TestDatabase.migrated()).plan();

    assertEquals(
        List.of("There is nothing to do.", "Nothing was changed."),
        plan.subList(plan.size() - 2, plan.size()));
  }

  @Test
  void aScriptThatFailedOutsideATransactionRunsAgain() {
    PGSimpleDataSource database = TestDatabase.migrated();
    TestDatabase.execute(
        database,
        "INSERT INTO tasks SELECT 'u', gen_random_uuid(), 'same', '', false, now(), now()"
            + " FROM generate_series(1, 2)");
    Migrations later = later(database);
    assertThrows(MigrationException.class, later::migrate);
    TestDatabase.execute(database, "DELETE FROM tasks");

    later.migrate();

    assertTrue(LegacyBackend.shape(database).contains("tasks_by_title"));
    assertFalse(LegacyBackend.shape(database).contains("INVALID"));
  }

  @Test
  void aLaterIndexIsMadeOnPartitionedTablesToo() {
    PGSimpleDataSource database = TestDatabase.migrated();
    TestDatabase.execute(
        database,
        """
        ALTER TABLE tasks RENAME TO tasks_0;
        CREATE TABLE tasks (LIKE tasks_0) PARTITION BY HASH (user_id);
        ALTER TABLE tasks ATTACH PARTITION tasks_0 FOR VALUES WITH (MODULUS 1, REMAINDER 0)
        """);

    assertTrue(later(database).migrate());

    assertTrue(LegacyBackend.shape(database).contains("tasks_by_title"));
    assertFalse(LegacyBackend.shape(database).contains("INVALID"));
  }

  @Test
  void scriptsRunInUtcAndDoNotWaitLongForLocks() {
    PGSimpleDataSource database = TestDatabase.empty();

    later(database).migrate();

    assertEquals(
        "TimeZone=UTC lock_timeout=1000",
        TestDatabase.query(
            database,
            "SELECT string_agg(name || '=' || setting, ' ' ORDER BY name COLLATE \"C\")"
                + " FROM settings"));
  }

  @Test
  void aReleaseRunsOnANewerSchemaThatItsPredecessorCanUse() {
    PGSimpleDataSource database = TestDatabase.empty();
    later(database).migrate();
    String before = LegacyBackend.catalog(database);

    new Migrations(database).migrate();

    assertEquals(before, LegacyBackend.catalog(database));
  }

  @Test
  void aReleaseRefusesASchemaThatItIsTooOldFor() {
    PGSimpleDataSource database = TestDatabase.empty();
    new Migrations(
            database,
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            "classpath:db/migration",
            "classpath:db/breaking")
        .migrate();

    assertRefused(database, "the schema is at version 99, which this release is too old for");
  }

  @Test
  void anOldTableUnderAHistoryThatKnowsBetterIsRefused() {
    PGSimpleDataSource database = TestDatabase.migrated();
    TestDatabase.execute(database, "DROP TABLE tasks; " + LegacyBackend.TABLE);

    assertRefused(database, "has the old shape: restore the table, or drop");
  }

  @Test
  void aMissingTableUnderAHistoryIsRefused() {
    PGSimpleDataSource database = TestDatabase.migrated();
    TestDatabase.execute(database, "DROP TABLE tasks");

    assertRefused(database, "is missing: restore the table, or drop");
  }

  @Test
  void aRoleThatMayNotCreateIsToldWhatItLacks() {
    PGSimpleDataSource stranger = TestDatabase.stranger(TestDatabase.empty());

    assertRefused(
        stranger,
        "role %s may not create in schema %s: GRANT CREATE ON SCHEMA %2$s TO %1$s"
            .formatted(stranger.getUser(), stranger.getCurrentSchema()));
  }

  @Test
  void aRoleThatDoesNotOwnTheOldTableIsToldWhoDoes() {
    PGSimpleDataSource database = LegacyBackend.database();
    PGSimpleDataSource stranger = TestDatabase.stranger(database);
    TestDatabase.execute(
        database,
        "GRANT ALL ON SCHEMA %s TO %s; GRANT ALL ON tasks TO %2$s"
            .formatted(database.getCurrentSchema(), stranger.getUser()));

    assertRefused(stranger, "set DIRECT_URL to its owner, taskport");
  }

  @Test
  void aRoleThatMayOnlyReadAndWriteStartsOnASchemaThatIsUpToDate() {
    PGSimpleDataSource database = TestDatabase.migrated();
    PGSimpleDataSource stranger = TestDatabase.stranger(database);
    TestDatabase.execute(
        database,
        "GRANT SELECT ON taskport_schema_history TO %s; GRANT ALL ON tasks TO %1$s"
            .formatted(stranger.getUser()));

    new Migrations(stranger).migrate();

    assertEquals("0", TestDatabase.query(stranger, "SELECT count(*) FROM tasks"));
  }

  @Test
  void aSearchPathThatNamesNoSchemaIsRefused() {
    PGSimpleDataSource database = TestDatabase.empty();
    database.setCurrentSchema("absent");

    assertRefused(database, "no schema of the search path exists");
  }

  @Test
  void aDatabaseInAnotherEncodingIsRefused() {
    PGSimpleDataSource superuser = TestDatabase.superuser();
    TestDatabase.execute(
        superuser,
        "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc TEMPLATE template0");
    superuser.setDatabaseName("latin");

    assertRefused(superuser, "has the encoding LATIN1: Taskport needs UTF8");
  }

  @Test
  void aServerThatIsNotThereIsSaidInOneLine() {
    PGSimpleDataSource nobody = TestDatabase.empty();
    nobody.setPortNumbers(new int[] {1});

    MigrationException failure =
        assertThrows(MigrationException.class, () -> new Migrations(nobody).migrate());

    assertTrue(String.valueOf(failure.getMessage()).contains("refused"), failure.getMessage());
    assertEquals(1, String.valueOf(failure.getMessage()).lines().count());
  }

  @Test
  void noLogLineAndNoMessageHoldsThePassword() {
    PGSimpleDataSource database = LegacyBackend.database();
    String password = String.valueOf(database.getPassword());
    database.setUrl(database.getUrl() + "&user=taskport&password=" + password);
    List<String> said = new ArrayList<>();
    Logger everything = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level level = everything.getLevel();
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    everything.addAppender(logged);
    everything.setLevel(Level.TRACE);
    try {
      said.addAll(new Migrations(database).plan());
      new Migrations(database).migrate();
      database.setDatabaseName("absent");
      said.add(
          assertThrows(MigrationException.class, () -> new Migrations(database).migrate())
              .toString());
    } finally {
      everything.setLevel(level);
      everything.detachAppender(logged);
    }
    logged.list.forEach(event -> said.add(event.getFormattedMessage()));

    assertTrue(said.size() > 20, said.toString());
    assertTrue(said.stream().noneMatch(line -> line.contains(password)));
  }

  private static Migrations later(PGSimpleDataSource database) {
    return new Migrations(
        database,
        Duration.ofMinutes(1),
        Duration.ofMinutes(1),
        "classpath:db/migration",
        "classpath:db/later");
  }

  private static void assertRefused(PGSimpleDataSource database, String reason) {
    MigrationException refusal =
        assertThrows(MigrationException.class, () -> new Migrations(database).migrate());
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains(reason), message);
    assertEquals(1, message.lines().count());
    assertTrue(
        new Migrations(database)
            .plan().stream()
                .anyMatch(line -> line.startsWith("Refused: ") && line.contains(reason)));
  }
}
