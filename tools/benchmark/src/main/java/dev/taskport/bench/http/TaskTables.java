package dev.taskport.bench.http;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.adapter.postgres.migration.Migrations;
import dev.taskport.bench.server.Progress;
import dev.taskport.bench.server.Server;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The tables with the same rows: Taskport's, and one for each peer with a primary key and two
 * indexes. Row i is of the user i modulo the number of users, and has an id that the load generator
 * can compute.
 */
final class TaskTables {
  private static final int BATCH = 500_000;

  private static final String PEERS_TABLE =
      """
      CREATE TABLE tasks (
        user_id varchar(255) NOT NULL, id uuid NOT NULL,
        title varchar(200) NOT NULL, description varchar(1000), completed boolean NOT NULL,
        created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
        priority varchar(6) NOT NULL DEFAULT 'medium', tags text[] NOT NULL DEFAULT '{}',
        due_date timestamptz,
        CONSTRAINT tasks_primary_key PRIMARY KEY (user_id, id))
      """;

  private static final List<String> PEERS_INDEXES =
      List.of(
          "CREATE INDEX tasks_by_creation ON tasks (user_id, created_at DESC, id DESC)",
          "CREATE INDEX tasks_by_state ON tasks (user_id, completed, created_at DESC, id DESC)");

  private static final String ROWS =
      """
      INSERT INTO tasks (user_id, id, title, description, completed, created_at, updated_at%s)
      SELECT
        'user-' || i %% %d,
        ('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid,
        'Buy fresh bread on the way, number ' || i,
        CASE WHEN i %% 2 = 0 THEN repeat('Ask for the dark one. ', 4) END,
        i %% 3 = 0,
        timestamptz '2024-01-01 00:00:00Z' + i * interval '50 seconds',
        timestamptz '2024-01-01 00:00:00Z' + i * interval '50 seconds'%s
      FROM generate_series(%d, %d) AS i
      """;

  /** What was created since has an id that is made of the time, or is random. */
  private static final String LATER_ROWS =
      "DELETE FROM tasks WHERE id > '00000000-0000-7000-9000-000000000000'";

  private TaskTables() {}

  /** Taskport's table, in a schema of its own; kept from one run to the next. */
  static DatabaseAddress taskport(Server server, int rows, int users) throws SQLException {
    String schema = "bench_http_" + rows;
    return complete(
        server,
        schema,
        rows,
        users,
        () -> new Migrations(server.schema(schema).dataSource()).migrate(),
        ", version",
        ", 1");
  }

  /**
   * A peer's table. Each has its own: who shared one would find it in PostgreSQL's cache.
   *
   * @return its schema
   */
  static String peers(Server server, String peer, int rows, int users) throws SQLException {
    String schema = "bench_" + peer + "_" + rows;
    complete(
        server,
        schema,
        rows,
        users,
        () -> {
          try (Connection connection = server.schema(schema).dataSource().getConnection();
              Statement statement = connection.createStatement()) {
            statement.execute(PEERS_TABLE);
            for (String index : PEERS_INDEXES) {
              statement.execute(index);
            }
          }
        },
        "",
        "");
    return schema;
  }

  private interface Making {
    void make() throws SQLException;
  }

  private static DatabaseAddress complete(
      Server server,
      String schema,
      int rows,
      int users,
      Making table,
      String moreColumns,
      String moreValues)
      throws SQLException {
    String mark = "filled for %d users".formatted(users);
    boolean filled =
        server
            .text("SELECT obj_description(to_regclass('" + schema + ".tasks'), 'pg_class')")
            .equals(mark);
    DatabaseAddress address = filled ? server.schema(schema) : server.newSchema(schema);
    if (!filled) {
      Progress.say("filling %s with %,d rows", schema, rows);
      table.make();
    }
    try (Connection connection = address.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      // Rows of before the change log: numbers would take a while to draw.
      statement.execute("ALTER TABLE tasks DISABLE TRIGGER USER");
      if (filled) {
        statement.execute(LATER_ROWS);
      } else {
        statement.execute("SET maintenance_work_mem = '512MB'");
        List<String> indexes = dropIndexes(statement);
        for (int begin = 0; begin < rows; begin += BATCH) {
          int last = Math.min(begin + BATCH, rows) - 1;
          statement.execute(ROWS.formatted(moreColumns, users, moreValues, begin, last));
        }
        for (String index : indexes) {
          statement.execute(index);
        }
      }
      statement.execute("ALTER TABLE tasks ENABLE TRIGGER USER");
      statement.execute("VACUUM (ANALYZE) tasks");
      statement.execute("COMMENT ON TABLE tasks IS '" + mark + "'");
    }
    return address;
  }

  /** Drops all but the primary key, and returns what makes them again. */
  private static List<String> dropIndexes(Statement statement) throws SQLException {
    List<String> drops = new ArrayList<>();
    List<String> creations = new ArrayList<>();
    try (ResultSet row =
        statement.executeQuery(
            """
            SELECT indexrelid::regclass, pg_get_indexdef(indexrelid)
            FROM pg_index WHERE indrelid = 'tasks'::regclass AND NOT indisprimary
            """)) {
      while (row.next()) {
        drops.add("DROP INDEX " + row.getString(1));
        creations.add(row.getString(2));
      }
    }
    for (String drop : drops) {
      statement.execute(drop);
    }
    return creations;
  }
}
