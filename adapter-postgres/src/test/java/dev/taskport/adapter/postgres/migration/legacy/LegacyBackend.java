package dev.taskport.adapter.postgres.migration.legacy;

import dev.taskport.adapter.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** Databases as the FastAPI backend leaves them. */
public final class LegacyBackend {

  public static final String TABLE =
      """
      CREATE TABLE tasks (
        user_id VARCHAR(255) NOT NULL,
        title VARCHAR(200) NOT NULL,
        description VARCHAR(1000),
        completed BOOLEAN NOT NULL,
        id UUID NOT NULL,
        created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
        updated_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
        PRIMARY KEY (id)
      );
      CREATE INDEX ix_tasks_user_id ON tasks (user_id);
      """;

  /** What its next release adds. */
  public static final String FIELDS =
      """
      ALTER TABLE tasks ADD priority VARCHAR NOT NULL DEFAULT 'medium', ADD tags VARCHAR,
        ADD due_date TIMESTAMP WITHOUT TIME ZONE;
      CREATE INDEX ix_tasks_priority ON tasks (priority);
      CREATE INDEX ix_tasks_due_date ON tasks (user_id, due_date);
      """;

  /** How many of {@link #insertOddRows}'s rows hold a title or description refused today. */
  static final int REFUSED_ROWS = 4;

  /** How many belong to a user id that is refused today. */
  static final int UNREACHABLE_ROWS = 2;

  public static final int ROWS = 13;

  private LegacyBackend() {}

  /** A schema with the old table and odd rows in it. */
  public static PGSimpleDataSource database() {
    return database(TABLE);
  }

  public static PGSimpleDataSource database(String table) {
    PGSimpleDataSource database = TestDatabase.empty();
    TestDatabase.execute(database, table);
    insertOddRows(database);
    return database;
  }

  /** Everything that the old backend let in, or that somebody put in by hand. */
  private static void insertOddRows(PGSimpleDataSource database) {
    String now = "2025-12-31 23:59:59.999999";
    List<@Nullable String[]> rows =
        List.of(
            row("user123", "Buy milk", null, now, now),
            row("user123", "", "", now, now),
            row("user123", "   ", null, now, now),
            row("user123", "\u00a0\u3000", null, now, now),
            row("user123", "bell \u0007, \u009f", "form\ffeed", now, now),
            row(
                "user123",
                "\ud83d\udc69\u200d\ud83d\udcbb \u0130\u00c9 'quoted' \\ %_",
                "a\r\n\tb",
                now,
                now),
            row("user123", "\ud83d\ude00".repeat(100), "\u00e9".repeat(1000), now, now),
            row(" ", "x", null, now, now),
            row("tab\there", "x", null, now, now),
            row(
                "\u00fc".repeat(255),
                "x",
                null,
                "1969-12-31 23:59:59.000001",
                "0001-01-01 00:00:00"),
            row("user123", "dst gap", null, "2025-03-09 02:30:00.123456", "2025-11-02 01:30:00.1"),
            row(
                "user123",
                "ends of time",
                null,
                "4713-01-01 00:00:00 BC",
                "294276-12-31 23:59:59.999999"),
            row("user123", "never", null, "-infinity", "infinity"));
    String sql =
        """
        INSERT INTO tasks (user_id, title, description, created_at, updated_at, completed, id)
        VALUES (?, ?, ?, ?::timestamp, ?::timestamp, ?, ?)""";
    try (Connection connection = database.getConnection();
        Statement utc = connection.createStatement();
        PreparedStatement insert = connection.prepareStatement(sql)) {
      utc.execute("SET TIME ZONE 'UTC'"); // for tables whose times already have a zone
      for (int i = 0; i < rows.size(); i++) {
        for (int column = 0; column < 5; column++) {
          insert.setString(column + 1, rows.get(i)[column]);
        }
        insert.setBoolean(6, i % 2 == 0);
        insert.setObject(7, new UUID(i, -i));
        insert.executeUpdate();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable String[] row(
      String user, String title, @Nullable String description, String created, String updated) {
    return new @Nullable String[] {user, title, description, created, updated};
  }

  /**
   * Every row as text, whichever shape the table has; times as they read in UTC, those beyond the
   * years 1 to 9999 as the nearest.
   */
  public static String contents(PGSimpleDataSource database) {
    return TestDatabase.query(
        database,
        """
        SELECT count(*) || ' rows, ' || md5(string_agg(format('%L %L %L %L %L %s %s', id, user_id,
          title, description, completed, utc(created_at), utc(updated_at)), ',' ORDER BY id))
        FROM tasks"""
            .replaceAll(
                "utc\\((\\w+)\\)",
                "least(greatest(CASE WHEN pg_typeof($1) = 'timestamptz'::regtype"
                    + " THEN $1::timestamptz AT TIME ZONE 'UTC' ELSE $1::timestamp END,"
                    + " '0001-01-01'), '9999-12-31 23:59:59.999999')"));
  }

  /**
   * What the catalog says about the schema, to the last file: the same before and after nothing.
   */
  public static String catalog(PGSimpleDataSource database) {
    return TestDatabase.query(
        database,
        """
        SELECT string_agg(line, E'\\n' ORDER BY line) FROM (
          SELECT format('%s %s %s %s', relname, relkind, pg_relation_filenode(c.oid),
            pg_get_indexdef(i.indexrelid)) AS line
          FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
          WHERE relnamespace = current_schema()::regnamespace
          UNION ALL
          SELECT format('%s.%s %s %s', relname, attname, format_type(atttypid, atttypmod), attnotnull)
          FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
          WHERE attnum > 0 AND relnamespace = current_schema()::regnamespace
          UNION ALL
          SELECT format('%s %s', conrelid::regclass, pg_get_constraintdef(oid))
          FROM pg_constraint WHERE connamespace = current_schema()::regnamespace) lines""");
  }

  /** The table's columns and indexes, in alphabetical order and without the schema's name. */
  public static String shape(PGSimpleDataSource database) {
    return TestDatabase.query(
            database,
            """
            SELECT string_agg(line, E'\\n' ORDER BY line) FROM (
              SELECT format('%s %s %s%s', attname, format_type(atttypid, atttypmod),
                CASE WHEN attnotnull THEN 'NOT NULL' ELSE 'NULL' END,
                ' DEFAULT ' || pg_get_expr(adbin, adrelid)) AS line
              FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
              WHERE attrelid = 'tasks'::regclass AND attnum > 0 AND NOT attisdropped
              UNION ALL
              SELECT pg_get_indexdef(indexrelid) || CASE WHEN indisvalid THEN '' ELSE ' INVALID' END
              FROM pg_index WHERE indrelid = 'tasks'::regclass
              UNION ALL
              SELECT format('%s %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint
              WHERE conrelid = 'tasks'::regclass AND contype <> 'n') lines""")
        .replace(database.getCurrentSchema() + ".", "");
  }
}
