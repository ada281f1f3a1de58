package dev.taskport.bench.store;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.adapter.postgres.migration.Migrations;
import dev.taskport.bench.server.Progress;
import dev.taskport.bench.server.Server;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Fills the tasks table of a schema, the same way each time. Rows are written in the order of their
 * creation and users take turns, as in a service: a user's tasks lie far from each other.
 */
final class Fill {
  private static final long BATCH = 500_000;

  /** On the table once it is complete. */
  private static final String MARK = "filled by the benchmark";

  /**
   * Row i is created at the i-th moment of three years, modified at any moment of the year after,
   * and a third is done. Half have a due date, and of these half a date without a time. Its slot
   * says whose it is: slots are visited in great strides.
   */
  private static final String INSERT =
      """
      INSERT INTO tasks (user_id, id, title, description, completed, created_at, updated_at, version,
        due_date, due_all_day)
      SELECT
        CASE
          WHEN slot < largest THEN 'largest-0'
          WHEN slot < largest + medium THEN 'medium-' || (slot - largest) / 1000
          ELSE 'small-' || (slot - largest - medium) / 10
        END,
        (lpad(to_hex((extract(epoch FROM created_at) * 1000)::bigint), 12, '0')
          || '7' || substr(hash, 1, 3) || 'b' || substr(hash, 4, 15))::uuid,
        verbs[1 + (a & 15)] || ' ' || kinds[1 + (a >> 4 & 31)] || ' '
          || things[1 + (a >> 9 & 31)] || ' ' || ends[1 + (a >> 14 & 15)],
        CASE WHEN a >> 18 & 1 = 0 THEN
          'Ask about the ' || things[1 + (b & 31)] || ' first, then see to the '
            || kinds[1 + (b >> 5 & 31)] || ' ' || things[1 + (b >> 10 & 31)]
            || '. It was promised to those who ' || lower(verbs[1 + (b >> 15 & 15)]) || ' '
            || ends[1 + (b >> 19 & 15)] || '.'
        END,
        (a >> 20 & 1023) %% 3 = 0,
        created_at,
        timestamptz '2025-01-01 00:00:00Z' + (b & 4294967295) / 4294967296.0 * interval '365 days',
        1,
        CASE WHEN a >> 30 & 1 = 0 THEN
          timestamptz '2025-01-01 00:00:00Z' + (b >> 32 & 1023) * interval '1 day'
            + CASE WHEN a >> 31 & 1 = 0 THEN '0' ELSE (b >> 42 & 1439) * interval '1 minute' END
        END,
        a >> 30 & 3 = 0
      FROM (
        SELECT
          i * ? %% ? AS slot, ? AS largest, ? AS medium,
          md5(i::text) AS hash, hashint8extended(i, 1) AS a, hashint8extended(i, 2) AS b,
          timestamptz '2022-01-01 00:00:00Z'
            + (i * (94608000000000 / ?)) * interval '1 microsecond' AS created_at
        FROM generate_series(?, ? - 1) AS i) AS row,
        (VALUES (%s, %s, %s, %s)) AS words (verbs, kinds, things, ends)
      """
          .formatted(
              array(
                  "Buy Call Check clean Collect Draft Fix Move order Paint Plan Read Return Sort"
                      + " Water Write"),
              array(
                  "annual best blue broken cheap clean cold dry early empty Finnish fresh great green"
                      + " heavy hidden kind large late little local new old other quiet red second"
                      + " small spare third warm winter"),
              array(
                  "apples bicycle boiler books café chairs contract curtains documents drawings"
                      + " engine fence flowers garden gutters invoices keys kitchen lamps letters"
                      + " mirror notes paper piano report roof shelves shoes tickets tools windows"
                      + " yard"),
              array(
                  "abroad again alone at_home at_last before_noon downstairs for_Anna for_Émile"
                      + " for_the_office in_town next_week on_Friday outside this_month today"));

  private Fill() {}

  /**
   * Makes the schema with its table and fills that, if it isn't yet; an unfinished one is made
   * anew.
   *
   * @return where the schema is
   */
  static DatabaseAddress complete(Server server, Population population) throws SQLException {
    String schema = "bench_" + population.rows();
    Progress.say("a table of %,d rows", population.rows());
    String mark = "SELECT obj_description(to_regclass('" + schema + ".tasks'), 'pg_class')";
    boolean filled = server.text(mark).equals(MARK);
    DatabaseAddress address = filled ? server.schema(schema) : server.newSchema(schema);
    new Migrations(address.dataSource()).migrate();
    if (filled) {
      Progress.say("it is there from an earlier run");
    } else {
      fill(address.dataSource(), population);
    }
    // Reads of an index alone depend on it.
    server.execute("VACUUM (ANALYZE) " + schema + ".tasks");
    return address;
  }

  private static void fill(DataSource dataSource, Population population) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET maintenance_work_mem = '512MB'");
      // Its snapshot would keep VACUUM from doing its work.
      statement.execute("ALTER TABLE tasks SET (autovacuum_enabled = false)");
      // As rows that were there before the change log: drawing numbers would take a while.
      statement.execute("ALTER TABLE tasks DISABLE TRIGGER USER");
      // Made anew when the rows are there, which is faster.
      List<Index> indexes = Index.ofTasks(statement);
      for (Index index : indexes) {
        statement.execute(index.drop());
      }
      insert(connection, population, 0, population.rows());
      for (Index index : indexes) {
        Progress.say("making %s", index.name());
        statement.execute(index.create());
      }
      statement.execute("ALTER TABLE tasks ENABLE TRIGGER USER");
      statement.execute("ALTER TABLE tasks RESET (autovacuum_enabled)");
      statement.execute("COMMENT ON TABLE tasks IS '" + MARK + "'");
    }
  }

  /** Writes the population's rows from this number up to that one. */
  static void insert(Connection connection, Population population, long from, long to)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (long begin = from; begin < to; begin += BATCH) {
        long end = Math.min(begin + BATCH, to);
        long rows = population.rows();
        long[] arguments = {
          stride(rows),
          rows,
          population.sizeOfLargest(),
          population.mediumUsers() * Population.MEDIUM_SIZE,
          rows,
          begin,
          end
        };
        for (int i = 0; i < arguments.length; i++) {
          insert.setLong(i + 1, arguments[i]);
        }
        insert.executeUpdate();
        Progress.say("wrote %,d of %,d rows", end, rows);
      }
    }
  }

  /** Near the golden ratio, so that users take turns, and of no common divisor, so that all do. */
  private static long stride(long rows) {
    long stride = (long) (rows * 0.618034);
    while (greatestCommonDivisor(stride, rows) != 1) {
      stride++;
    }
    return stride;
  }

  private static long greatestCommonDivisor(long a, long b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }

  private static String array(String words) {
    return "string_to_array(replace('" + words.replace(' ', ',') + "', '_', ' '), ',')";
  }

  /** What makes an index, or the constraint that it belongs to. */
  record Index(String name, boolean isPrimary, String create, String drop) {

    static List<Index> ofTasks(Statement statement) throws SQLException {
      String query =
          """
          SELECT
            indexrelid::regclass, indisprimary, pg_get_indexdef(indexrelid),
            (SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conindid = indexrelid)
          FROM pg_index WHERE indrelid = 'tasks'::regclass ORDER BY indisprimary DESC, 1::text
          """;
      List<Index> indexes = new ArrayList<>();
      try (ResultSet row = statement.executeQuery(query)) {
        while (row.next()) {
          String name = row.getString(1);
          boolean primary = row.getBoolean(2);
          indexes.add(
              new Index(
                  name,
                  primary,
                  primary
                      ? "ALTER TABLE tasks ADD CONSTRAINT " + name + " " + row.getString(4)
                      : row.getString(3),
                  primary ? "ALTER TABLE tasks DROP CONSTRAINT " + name : "DROP INDEX " + name));
        }
      }
      return indexes;
    }
  }
}
