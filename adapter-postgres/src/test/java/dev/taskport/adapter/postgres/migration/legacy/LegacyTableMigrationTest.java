package dev.taskport.adapter.postgres.migration.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.TestDatabase;
import dev.taskport.adapter.postgres.migration.Migrations;
import dev.taskport.adapter.postgres.migration.lock.MigrationException;
import dev.taskport.domain.Tags;
import java.util.List;
import java.util.TimeZone;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The old backend's table becomes ours, whatever became of it over the years. */
class LegacyTableMigrationTest {

  private static final String NEW_SHAPE = LegacyBackend.shape(TestDatabase.migrated());
  private static final TimeZone BEFORE = TimeZone.getDefault();

  /** Sessions have the JVM's time zone: one in which UTC's times would be wrong or missing. */
  @BeforeAll
  static void liveInNewYork() {
    TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
  }

  @AfterAll
  static void comeBack() {
    TimeZone.setDefault(BEFORE);
  }

  @Test
  void everyRowIsKeptToTheMicrosecond() {
    PGSimpleDataSource database = LegacyBackend.database();
    String before = LegacyBackend.contents(database);

    new Migrations(database).migrate();

    assertEquals(before, LegacyBackend.contents(database));
    assertTrue(before.startsWith(LegacyBackend.ROWS + " rows"), before);
    assertEquals("1", TestDatabase.query(database, "SELECT avg(version)::int FROM tasks"));
  }

  @Test
  void theTableIsNotRewritten() {
    PGSimpleDataSource database = LegacyBackend.database();
    String file = "SELECT pg_relation_filenode('tasks')";
    String before = TestDatabase.query(database, file);

    new Migrations(database).migrate();

    assertEquals(before, TestDatabase.query(database, file));
  }

  @Test
  void theTableGetsTheShapeOfANewOne() {
    PGSimpleDataSource database = LegacyBackend.database();

    new Migrations(database).migrate();

    assertEquals(NEW_SHAPE, LegacyBackend.shape(database));
  }

  @Test
  void theSecondStartChangesNothing() {
    PGSimpleDataSource database = LegacyBackend.database();
    new Migrations(database).migrate();
    String before = LegacyBackend.catalog(database);

    new Migrations(database).migrate();

    assertEquals(before, LegacyBackend.catalog(database));
  }

  @Tag("full")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE tasks ALTER created_at TYPE timestamptz USING created_at AT TIME ZONE 'UTC'",
        "ALTER TABLE tasks ALTER created_at TYPE timestamptz USING created_at AT TIME ZONE 'UTC',"
            + " ALTER updated_at TYPE timestamptz USING updated_at AT TIME ZONE 'UTC'",
        "ALTER TABLE tasks RENAME CONSTRAINT tasks_pkey TO pk_tasks",
        "ALTER TABLE tasks DROP CONSTRAINT tasks_pkey",
        "ALTER TABLE tasks DROP CONSTRAINT tasks_pkey, ADD PRIMARY KEY (id, user_id)",
        "ALTER TABLE tasks DROP CONSTRAINT tasks_pkey, ADD PRIMARY KEY (user_id, id)",
        "ALTER TABLE tasks ALTER created_at DROP NOT NULL, ALTER title DROP NOT NULL,"
            + " ALTER completed DROP NOT NULL",
        "ALTER TABLE tasks ALTER created_at SET DEFAULT (now() AT TIME ZONE 'utc'),"
            + " ALTER updated_at SET DEFAULT CURRENT_TIMESTAMP",
        "CREATE INDEX ON tasks (created_at); CREATE INDEX ON tasks (user_id, created_at DESC);"
            + " CREATE INDEX ON tasks (user_id) WHERE updated_at > '2020-01-01';"
            + " CREATE INDEX ON tasks (date_trunc('day', updated_at))",
        "DROP INDEX ix_tasks_user_id",
        "ALTER INDEX ix_tasks_user_id RENAME TO \"Users' index\""
      })
  void aTableThatDiffersALittleBecomesTheSame(String difference) {
    PGSimpleDataSource database = LegacyBackend.database();
    TestDatabase.execute(database, difference);
    String before = LegacyBackend.contents(database);

    new Migrations(database).migrate();

    assertEquals(before, LegacyBackend.contents(database));
    assertEquals(NEW_SHAPE, LegacyBackend.shape(database));
  }

  @Test
  void aHistoryThatRecordsNothingIsNoHindrance() {
    PGSimpleDataSource migrated = TestDatabase.migrated();
    PGSimpleDataSource database = TestDatabase.empty();
    TestDatabase.execute(
        database,
        "CREATE TABLE taskport_schema_history (LIKE %s.taskport_schema_history INCLUDING ALL)"
            .formatted(migrated.getCurrentSchema()));
    TestDatabase.execute(database, LegacyBackend.TABLE);

    new Migrations(database).migrate();

    assertEquals(NEW_SHAPE, LegacyBackend.shape(database));
  }

  @Tag("full")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ALTER title TYPE text|title text NOT NULL",
        "ALTER description TYPE text|description text NULL",
        "ALTER user_id TYPE varchar|user_id character varying NOT NULL",
        "ALTER user_id TYPE varchar(400)|user_id character varying(400) NOT NULL",
        "ADD rank integer|rank integer NULL",
        "ADD number bigint GENERATED ALWAYS AS IDENTITY|number bigint NOT NULL",
        "ADD CONSTRAINT titled CHECK (title <> '-')|titled CHECK (((title)::text <> '-'::text))",
        "ALTER completed SET DEFAULT false|completed boolean NOT NULL DEFAULT false"
      })
  void whatDoesNoHarmStays(String difference, String kept) {
    PGSimpleDataSource database = LegacyBackend.database();
    TestDatabase.execute(database, "ALTER TABLE tasks " + difference);
    String before = LegacyBackend.contents(database);

    new Migrations(database).migrate();

    assertEquals(before, LegacyBackend.contents(database));
    assertTrue(LegacyBackend.shape(database).lines().toList().contains(kept));
    TestDatabase.execute(
        database,
        "INSERT INTO tasks (user_id, id, title, completed, created_at, updated_at)"
            + " VALUES ('u', gen_random_uuid(), 't', false, now(), now())");
  }

  @Test
  void narrowerColumnsAreWidened() {
    PGSimpleDataSource database =
        LegacyBackend.database(
            LegacyBackend.TABLE.replace("VARCHAR(1000)", "VARCHAR")
                + "CREATE INDEX ON tasks (title)");
    TestDatabase.execute(
        database,
        "DELETE FROM tasks WHERE length(title) > 50 OR length(user_id) > 36;"
            + "ALTER TABLE tasks ALTER title TYPE varchar(50), ALTER user_id TYPE varchar(36),"
            + " ALTER created_at TYPE timestamp(3)");
    String before = LegacyBackend.contents(database);
    String file = TestDatabase.query(database, "SELECT pg_relation_filenode('tasks')");

    new Migrations(database).migrate();

    assertEquals(before, LegacyBackend.contents(database));
    assertEquals(file, TestDatabase.query(database, "SELECT pg_relation_filenode('tasks')"));
    List<String> shape = LegacyBackend.shape(database).lines().toList();
    assertTrue(shape.contains("title character varying(200) NOT NULL"), shape.toString());
    assertTrue(shape.contains("user_id character varying(255) NOT NULL"), shape.toString());
    assertTrue(shape.contains("created_at timestamp with time zone NOT NULL"), shape.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        LegacyBackend.FIELDS,
        "ALTER TABLE tasks ADD priority varchar(10)",
        "ALTER TABLE tasks ADD tags varchar NOT NULL DEFAULT 'new'",
        "ALTER TABLE tasks ADD due_date timestamp(3) NOT NULL DEFAULT now(), ADD tags text",
        "ALTER TABLE tasks ADD due_date timestamptz DEFAULT now();"
            + " CREATE INDEX ON tasks (date_trunc('day', due_date AT TIME ZONE 'UTC'));"
            + " CREATE INDEX ON tasks (user_id) WHERE due_date IS NULL"
      })
  void fieldsThatTheNextTableHasBecomeOurs(String fields) {
    PGSimpleDataSource database = LegacyBackend.database();
    TestDatabase.execute(database, fields);
    String before = LegacyBackend.contents(database);
    String file = TestDatabase.query(database, "SELECT pg_relation_filenode('tasks')");

    new Migrations(database).migrate();

    assertEquals(before, LegacyBackend.contents(database));
    assertEquals(file, TestDatabase.query(database, "SELECT pg_relation_filenode('tasks')"));
    assertEquals(NEW_SHAPE, LegacyBackend.shape(database));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "NULL",
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "low|home,work|2026-12-24 23:59:59.999999|low|home,work|2026-12-24 23:59:59.999999+00",
        "HIGH|' A , b,,c d, '|2025-03-09 02:30:00|high|A,b,c d|2025-03-09 02:30:00+00",
        "asap|a,A,<long>|infinity|medium|a,A,<long>|9999-12-31 23:59:59.999999+00",
        "h\u0130gh|' ,'|-infinity|medium|''|0001-01-01 00:00:00+00",
        "NULL|NULL|NULL|medium|''|NULL"
      },
      delimiter = '|')
  void oddFieldsBecomeWhatIsReadOfThem(
      @Nullable String priority,
      @Nullable String tags,
      @Nullable String due,
      String priorityNow,
      String tagsNow,
      @Nullable String dueNow) {
    String longTag = "x".repeat(3000);
    PGSimpleDataSource database = LegacyBackend.database(LegacyBackend.TABLE);
    TestDatabase.execute(
        database,
        "ALTER TABLE tasks ADD priority varchar, ADD tags varchar, ADD due_date timestamp;"
            + "UPDATE tasks SET priority = %s, tags = %s, due_date = %s"
                .formatted(
                    literal(priority),
                    literal(tags == null ? null : tags.replace("<long>", longTag)),
                    literal(due)));

    new Migrations(database).migrate();

    assertEquals(
        "%d %s;%s;%s"
            .formatted(LegacyBackend.ROWS, priorityNow, tagsNow.replace("<long>", longTag), dueNow)
            .replace(";null", ";NULL"),
        TestDatabase.query(
            database,
            "SELECT min(n || ' ' || v) FROM (SELECT count(*) n, priority || ';' || tags || ';'"
                + " || coalesce(due_date::text, 'NULL') v FROM tasks GROUP BY 2) x"));
  }

  @Tag("full")
  @ParameterizedTest
  @CsvSource(
      nullValues = "NULL",
      value = {
        "2026-12-24, 2026-12-24 00:00:00+00 true",
        "2000-02-29, 2000-02-29 00:00:00+00 true",
        "5000000-01-01, 9999-12-31 00:00:00+00 true",
        "infinity, 9999-12-31 00:00:00+00 true",
        "-infinity, 0001-01-01 00:00:00+00 true",
        "NULL, NULL false"
      })
  void aDueDateOfTypeDateStaysADate(@Nullable String due, String dueNow) {
    PGSimpleDataSource database = LegacyBackend.database();
    TestDatabase.execute(
        database,
        "ALTER TABLE tasks ADD due_date date NOT NULL DEFAULT CURRENT_DATE, ADD priority varchar;"
            + "ALTER TABLE tasks ALTER due_date DROP NOT NULL; CREATE INDEX ON tasks (due_date);"
            + "UPDATE tasks SET due_date = "
            + literal(due));
    String before = LegacyBackend.contents(database);

    List<String> plan = new Migrations(database).plan();
    new Migrations(database).migrate();

    assertEquals(before, LegacyBackend.contents(database));
    assertEquals(NEW_SHAPE, LegacyBackend.shape(database));
    assertEquals(
        LegacyBackend.ROWS + " " + dueNow,
        TestDatabase.query(
            database,
            "SELECT count(*) || ' ' || coalesce(due_date::text, 'NULL') || ' ' || due_all_day"
                + " FROM tasks GROUP BY due_date, due_all_day"));
    String text = String.join("\n", plan);
    assertTrue(text.contains("Its due dates stay dates"), text);
    assertTrue(text.contains("locked while all of the table is rewritten: "), text);
  }

  @Test
  void tagsAreStrippedAsTheyAreRead() {
    String tags =
        IntStream.rangeClosed(1, Character.MAX_VALUE)
            .filter(c -> !Character.isSurrogate((char) c))
            .mapToObj(c -> "" + (char) c + c + (char) c)
            .collect(Collectors.joining(","));
    PGSimpleDataSource database = LegacyBackend.database(LegacyBackend.TABLE);
    TestDatabase.execute(
        database, "ALTER TABLE tasks ADD tags varchar; UPDATE tasks SET tags = " + literal(tags));

    new Migrations(database).migrate();

    assertEquals(
        Tags.stored(tags).joined(), TestDatabase.query(database, "SELECT min(tags) FROM tasks"));
  }

  @Tag("full")
  @Test
  void everyPageOfALargeTableIsCorrected() {
    PGSimpleDataSource database = LegacyBackend.database(LegacyBackend.TABLE);
    TestDatabase.execute(
        database,
        """
        ALTER TABLE tasks ADD tags varchar;
        INSERT INTO tasks (id, user_id, title, completed, created_at, updated_at)
        SELECT gen_random_uuid(), 'u', repeat('x', 200), false, now(), now()
        FROM generate_series(1, 30000)""");

    new Migrations(database).migrate();

    assertEquals(
        "30013", TestDatabase.query(database, "SELECT count(*) FROM tasks WHERE tags = ''"));
  }

  private static String literal(@Nullable String value) {
    return value == null ? "NULL" : "'" + value.replace("'", "''") + "'";
  }

  @Test
  void aUserIdThatIsAUuidBecomesItsText() {
    PGSimpleDataSource database = withUuids();
    String before = LegacyBackend.contents(database);

    List<String> plan = new Migrations(database).plan();
    new Migrations(database).migrate();

    assertEquals(before, LegacyBackend.contents(database));
    assertEquals(NEW_SHAPE, LegacyBackend.shape(database));
    String text = String.join("\n", plan);
    assertTrue(text.contains("MB are rewritten under a lock"), text);
    assertTrue(text.contains("locked while all of the table is rewritten: "), text);
  }

  private static PGSimpleDataSource withUuids() {
    PGSimpleDataSource database = LegacyBackend.database();
    TestDatabase.execute(
        database,
        LegacyBackend.FIELDS
            + "ALTER TABLE tasks ALTER user_id TYPE uuid USING md5(user_id)::uuid,"
            + " ALTER user_id SET DEFAULT gen_random_uuid()");
    return database;
  }

  @Test
  void theDryRunCountsTheFieldsThatChange() {
    PGSimpleDataSource database = LegacyBackend.database();
    TestDatabase.execute(
        database,
        LegacyBackend.FIELDS
            + "UPDATE tasks SET priority = 'asap' WHERE title = 'Buy milk';"
            + "UPDATE tasks SET priority = 'HIGH', due_date = 'infinity' WHERE title = ''");
    String catalog = LegacyBackend.catalog(database);

    String text = String.join("\n", new Migrations(database).plan());

    assertEquals(catalog, LegacyBackend.catalog(database));
    assertTrue(text.contains("Its column tags (character varying) becomes the tasks' tags."), text);
    assertTrue(text.contains("1 rows have a priority that is none of"), text);
    assertTrue(text.contains("1 rows are due beyond the years 1 to 9999"), text);
    assertTrue(text.contains("ix_tasks_priority goes"), text);
    assertFalse(text.contains("unused"), text);
  }

  @Test
  void theTableIsFoundThroughTheSearchPath() {
    PGSimpleDataSource database = TestDatabase.empty();
    String odd = database.getCurrentSchema() + " of \"Old\" tasks";
    TestDatabase.execute(database, "CREATE SCHEMA " + quoted(odd));
    database.setCurrentSchema(quoted(odd));
    TestDatabase.execute(database, LegacyBackend.TABLE);
    database.setCurrentSchema("absent, " + quoted(odd));

    new Migrations(database).migrate();
    new Migrations(database).migrate();

    assertEquals("0", TestDatabase.query(database, "SELECT count(version) FROM tasks"));
    assertEquals(
        "1",
        TestDatabase.query(
            database, "SELECT version FROM " + quoted(odd) + ".taskport_schema_history"));
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @Tag("full")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DROP TABLE tasks; CREATE TABLE tasks (id serial PRIMARY KEY, name text)"
            + "|column user_id character varying(255) is missing",
        "DROP TABLE tasks; CREATE TABLE tasks (id serial PRIMARY KEY, name text)"
            + "|integer ids aren't supported: column id is integer instead of uuid",
        "ALTER TABLE tasks DROP user_id; ALTER TABLE tasks ADD user_id bigint"
            + "|integer ids aren't supported: column user_id is bigint",
        "ALTER TABLE tasks ADD priority integer|column priority is integer instead of character"
            + " varying: rename it",
        "ALTER TABLE tasks ADD tags jsonb|column tags is jsonb instead of",
        "ALTER TABLE tasks ADD due_date time|column due_date is time without time zone instead of"
            + " timestamp or date: rename",
        "ALTER TABLE tasks ADD due_date date, ADD due_all_day boolean NOT NULL DEFAULT false"
            + "|column due_all_day is taken (found boolean)",
        "ALTER TABLE tasks ADD due_all_day boolean|column due_all_day is taken (found boolean)",
        "ALTER TABLE tasks ADD priority text GENERATED ALWAYS AS (lower(title)) STORED"
            + "|column priority is a generated one",
        "ALTER TABLE tasks ADD priority varchar CONSTRAINT known CHECK (priority IN ('low'))"
            + "|constraint known (CHECK",
        "ALTER TABLE tasks ADD priority varchar; CREATE VIEW urgent AS SELECT priority FROM tasks"
            + "|view urgent depends on it",
        "DELETE FROM tasks; ALTER TABLE tasks ADD tags varchar;"
            + " CREATE UNIQUE INDEX tagged ON tasks (user_id, id, tags)|unique index",
        "DELETE FROM tasks; ALTER TABLE tasks ALTER user_id TYPE uuid USING NULL;"
            + " CREATE TABLE users (id uuid PRIMARY KEY);"
            + " ALTER TABLE tasks ADD CONSTRAINT theirs FOREIGN KEY (user_id) REFERENCES users"
            + "|foreign key theirs",
        "DELETE FROM tasks; ALTER TABLE tasks ALTER user_id TYPE uuid USING NULL;"
            + " CREATE VIEW users AS SELECT user_id FROM tasks|view users depends on it",
        "ALTER TABLE tasks ALTER completed TYPE text|column completed is text instead of boolean",
        "ALTER TABLE tasks ALTER created_at TYPE text|column created_at is text instead of timestamp",
        "ALTER TABLE tasks RENAME updated_at TO modified|column updated_at timestamp is missing",
        "ALTER TABLE tasks ADD version text|column version is taken",
        "DELETE FROM tasks; ALTER TABLE tasks ADD due date NOT NULL|column due is NOT NULL without",
        "CREATE TABLE notes (task uuid REFERENCES tasks)|foreign key notes_task_fkey of table notes",
        "CREATE VIEW recent AS SELECT created_at FROM tasks|view recent",
        "CREATE VIEW latest AS SELECT id, max(title), updated_at FROM tasks GROUP BY id|view latest",
        "ALTER TABLE tasks RENAME TO t; CREATE VIEW tasks AS SELECT * FROM t|not an ordinary table",
        "CREATE TABLE more () INHERITS (tasks)|not an ordinary table",
        "ALTER TABLE tasks ADD day timestamp GENERATED ALWAYS AS (created_at) STORED|column day",
        "ALTER TABLE tasks ADD UNIQUE (user_id, created_at, id)|holds a time",
        "ALTER TABLE tasks DROP CONSTRAINT tasks_pkey, ADD PRIMARY KEY (id, title)|its primary key",
        "CREATE INDEX tasks_primary_key ON tasks (title)|tasks_primary_key is something else",
        "CREATE TABLE t (n int); CREATE INDEX tasks_primary_key ON t (n)|else in the schema is called",
        "ALTER TABLE tasks ALTER title DROP NOT NULL; UPDATE tasks SET title = NULL"
            + "|13 rows have no title",
        "ALTER TABLE tasks ALTER title TYPE text;"
            + " UPDATE tasks SET title = (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 90) n)"
            + " WHERE title = 'Buy milk'|1 rows have a title and a user_id of more than 2600 bytes",
        "DELETE FROM tasks WHERE title <> 'Buy milk';"
            + " ALTER TABLE tasks ADD CONSTRAINT one_of_each UNIQUE (user_id, title)"
            + "|one_of_each would refuse tasks that may be created",
        "CREATE UNIQUE INDEX ids ON tasks (id)|ids would refuse tasks",
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
            + " CREATE TRIGGER touches BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION touch()"
            + "|trigger touches runs before a row is written"
      })
  void whatIsNotTheOldTableIsRefusedBeforeAnythingIsTouched(String difference, String reason) {
    PGSimpleDataSource database = LegacyBackend.database();
    TestDatabase.execute(database, difference);
    String before = LegacyBackend.catalog(database);

    MigrationException refusal =
        assertThrows(MigrationException.class, () -> new Migrations(database).migrate());

    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains(reason), message);
    assertEquals(1, message.lines().count());
    assertEquals(before, LegacyBackend.catalog(database));
    assertTrue(
        new Migrations(database)
            .plan().stream()
                .anyMatch(line -> line.startsWith("Refused: ") && line.contains(reason)));
  }

  @Test
  void whatOnlyTheServerObjectsToLeavesEverythingAsItWas() {
    PGSimpleDataSource database = LegacyBackend.database();
    TestDatabase.execute(
        database, "CREATE TABLE log (entry tasks); INSERT INTO log SELECT tasks FROM tasks");
    String before = LegacyBackend.catalog(database);

    MigrationException refusal =
        assertThrows(MigrationException.class, () -> new Migrations(database).migrate());

    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains("column \"log.entry\" uses its row type"), message);
    assertEquals(before, LegacyBackend.catalog(database));
  }

  @Test
  void twoRowsWithOneIdAreNamedAsWhatStopsTheMigration() {
    PGSimpleDataSource database = LegacyBackend.database();
    TestDatabase.execute(
        database,
        "ALTER TABLE tasks DROP CONSTRAINT tasks_pkey;"
            + "INSERT INTO tasks SELECT * FROM tasks WHERE title = 'Buy milk'");
    String before = LegacyBackend.contents(database);

    MigrationException refusal =
        assertThrows(MigrationException.class, () -> new Migrations(database).migrate());

    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains("the same user_id and id"), message);
    TestDatabase.execute(database, "DELETE FROM tasks WHERE ctid = (SELECT max(ctid) FROM tasks)");
    new Migrations(database).migrate();
    assertEquals(NEW_SHAPE, LegacyBackend.shape(database));
    assertTrue(before.startsWith("14 rows"), before);
  }

  @Test
  void theDryRunSaysWhatWouldBeDoneAndChangesNothing() {
    PGSimpleDataSource database = LegacyBackend.database();
    String catalog = LegacyBackend.catalog(database);

    List<String> plan = new Migrations(database).plan();

    assertEquals(catalog, LegacyBackend.catalog(database));
    String text = String.join("\n", plan);
    assertTrue(text.contains("holds " + LegacyBackend.ROWS + " rows"), text);
    assertTrue(text.contains("; " + LegacyBackend.REFUSED_ROWS + " of them"), text);
    assertTrue(
        text.contains(" " + LegacyBackend.UNREACHABLE_ROWS + " more belong to user ids"), text);
    assertTrue(text.contains("CREATE UNIQUE INDEX CONCURRENTLY tasks_primary_key"), text);
    assertTrue(text.endsWith("Nothing was changed."), text);
  }
}
