package dev.taskport.adapter.postgres.migration.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.TestDatabase;
import dev.taskport.adapter.postgres.migration.Migrations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What {@code docs/cut-over.md} tells people to run does what it says. */
class CutOverGuideTest {

  private static final Pattern SQL = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);

  @Test
  void theWayBackKeepsTheFieldsForTheNextTimeTheTableIsTakenOver() throws IOException {
    PGSimpleDataSource database = LegacyBackend.database();
    TestDatabase.execute(database, LegacyBackend.FIELDS);
    TestDatabase.execute(
        database,
        "UPDATE tasks SET priority = 'high', tags = 'a,b', due_date = '2026-12-24 23:59:59.999999'");
    String fields =
        "SELECT count(*) || ' ' || min(concat_ws(';', priority, tags, due_date::timestamp)) FROM tasks";
    String before = TestDatabase.query(database, fields);

    new Migrations(database).migrate();
    TestDatabase.execute(database, statements().get(4));

    assertEquals(before, TestDatabase.query(database, fields));
    String shape = LegacyBackend.shape(database);
    assertTrue(shape.contains("due_date timestamp without time zone NULL\n"), shape);
    assertTrue(shape.contains("tags character varying NOT NULL"), shape);
    new Migrations(database).migrate();
    assertEquals(before, TestDatabase.query(database, fields));
    assertEquals(LegacyBackend.shape(TestDatabase.migrated()), LegacyBackend.shape(database));
  }

  private static List<String> statements() throws IOException {
    return SQL.matcher(Files.readString(Path.of("..", "docs", "cut-over.md")))
        .results()
        .map(MatchResult::group)
        .map(block -> block.replaceAll("```(sql)?", ""))
        .toList();
  }

  @Test
  void everyStatementOfTheGuideWorksAndTheWayBackLeadsToTheOldTable() throws IOException {
    List<String> sql = statements();
    assertEquals(6, sql.size());
    String compare =
        sql.get(0).replaceFirst("SELECT (.*) FROM tasks", "SELECT ($1)::text FROM tasks");
    PGSimpleDataSource database = LegacyBackend.database();
    String shape = LegacyBackend.shape(database);
    String rows = LegacyBackend.contents(database);
    String noted = TestDatabase.query(database, compare);

    new Migrations(database).migrate();
    assertEquals(noted, TestDatabase.query(database, compare));
    assertTrue(noted.startsWith("(" + LegacyBackend.ROWS + ","), noted);
    TestDatabase.execute(database, sql.get(1));
    TestDatabase.execute(database, sql.get(2));
    TestDatabase.execute(database, "ALTER TABLE tasks ADD due_text text DEFAULT '2026-12-24'");
    TestDatabase.execute(database, sql.get(3));
    assertEquals(
        LegacyBackend.ROWS + " 2026-12-24 00:00:00+00",
        TestDatabase.query(
            database,
            "SELECT count(*) || ' ' || min(due_date)::text FROM tasks WHERE due_all_day"));
    TestDatabase.execute(database, "ALTER TABLE tasks DROP due_text");
    TestDatabase.execute(database, sql.get(4));
    TestDatabase.execute(database, sql.get(5));

    assertEquals(shape, LegacyBackend.shape(database));
    assertEquals(rows, LegacyBackend.contents(database));
    assertEquals(
        "tasks",
        TestDatabase.query(
            database,
            "SELECT string_agg(tablename, ',') FROM pg_tables WHERE schemaname = current_schema()"));
    new Migrations(database).migrate();
    assertEquals(rows, LegacyBackend.contents(database));
    assertEquals(LegacyBackend.shape(TestDatabase.migrated()), LegacyBackend.shape(database));
  }
}
