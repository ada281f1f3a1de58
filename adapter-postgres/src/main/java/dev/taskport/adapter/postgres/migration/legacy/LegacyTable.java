package dev.taskport.adapter.postgres.migration.legacy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code tasks}, as PostgreSQL's catalog describes it.
 *
 * @param schema quoted where needed
 * @param name with its schema, quoted where needed
 * @param kind {@code pg_class.relkind}: {@code r} for an ordinary table
 * @param inherits whether it is, or has, a partition or an inheriting table
 * @param owned whether the connected role may alter it
 * @param bytes its size on disk, indexes included
 * @param takenNames names of our indexes that something else in the schema already has
 * @param dependents what prevents a change of the key or of a column's type: foreign keys to the
 *     table, and views, triggers and policies that name the column
 * @param beforeTriggers the quoted names of triggers that run before a row is written
 * @param notes lines for people about what stays as it is
 */
public record LegacyTable(
    String schema,
    String name,
    String kind,
    boolean inherits,
    boolean owned,
    String owner,
    long bytes,
    List<Column> columns,
    List<Index> indexes,
    List<Constraint> constraints,
    List<String> takenNames,
    List<Dependent> dependents,
    List<String> beforeTriggers,
    List<String> notes) {

  /**
   * @param type as {@code format_type} writes it
   * @param filled whether an INSERT that doesn't name the column stores a value: it has a default,
   *     or is an identity or a generated column
   */
  record Column(String name, String type, boolean required, boolean filled, boolean generated) {}

  /**
   * A check, a foreign key from this table, a unique or an exclusion constraint.
   *
   * @param name quoted where needed
   * @param type {@code pg_constraint.contype}
   */
  record Constraint(
      String name, String bareName, String type, String definition, List<String> columns) {}

  /**
   * @param column the column whose type can't be changed; null if it is the primary key
   * @param description with the statement that drops it, unless that is obvious
   */
  record Dependent(@Nullable String column, String description) {}

  /**
   * @param name with its schema, quoted where needed
   * @param keys the method and columns of its definition: {@code btree (user_id, created_at DESC)}
   * @param constraint the constraint that it belongs to, quoted where needed
   * @param columns all columns that it names: in keys, expressions and its condition
   */
  record Index(
      String name,
      String bareName,
      String definition,
      String keys,
      boolean unique,
      boolean primary,
      boolean valid,
      @Nullable String constraint,
      List<String> columns) {

    /** Says in a line for people that it is dropped, and how to create it again. */
    String loss() {
      return "Its index %s goes; to have it again, run afterwards: %s;".formatted(name, definition);
    }

    /** Whether its keys contain the user and the id, so that it never refuses another task. */
    boolean tellsTasksApart() {
      return keys.matches("\\w+ \\([^()]*\\buser_id\\b.*")
          && keys.matches("\\w+ \\([^()]*\\bid\\b.*");
    }
  }

  /** The name of our primary key, and of its index. */
  static final String PRIMARY_KEY = "tasks_primary_key";

  private static final String DEPENDENTS =
      """
      WITH t AS (SELECT ?::oid AS oid)
      SELECT NULL, format('foreign key %1$I of table %2$s (ALTER TABLE %2$s DROP CONSTRAINT %1$I)',
        conname, conrelid::regclass)
      FROM pg_constraint, t WHERE contype = 'f' AND confrelid = t.oid AND conparentid = 0
      UNION ALL
      SELECT DISTINCT a.attname, pg_describe_object(d.classid, d.objid, d.objsubid)
      FROM t JOIN pg_depend d ON d.refobjid = t.oid AND d.refclassid = 'pg_class'::regclass
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
      WHERE d.classid NOT IN
          ('pg_class'::regclass, 'pg_constraint'::regclass, 'pg_statistic_ext'::regclass)
        AND NOT EXISTS (SELECT FROM pg_attrdef own
          WHERE d.classid = 'pg_attrdef'::regclass AND own.oid = d.objid AND own.adnum = a.attnum)
      UNION ALL
      SELECT DISTINCT NULL, pg_describe_object(d.classid, d.objid, d.objsubid)
      FROM t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'p'
        JOIN pg_depend d ON d.refobjid = k.oid AND d.refclassid = 'pg_constraint'::regclass
      WHERE d.classid = 'pg_rewrite'::regclass""";

  private static final String TAKEN_NAMES =
      """
      WITH t AS (SELECT ?::oid AS oid)
      SELECT taken.relname
      FROM t JOIN pg_class c ON c.oid = t.oid
        JOIN pg_class taken ON taken.relnamespace = c.relnamespace
      WHERE taken.relname = '%s'
        AND NOT EXISTS (SELECT FROM pg_index WHERE indexrelid = taken.oid AND indrelid = t.oid)"""
          .formatted(PRIMARY_KEY);

  /** By the bits of {@code pg_trigger.tgtype}: 1 for each row, 2 before. */
  private static final String BEFORE_TRIGGERS =
      """
      SELECT quote_ident(tgname) FROM pg_trigger
      WHERE tgrelid = ?::oid AND NOT tgisinternal AND tgtype & 3 = 3 ORDER BY tgname""";

  private static final String NOTES =
      """
      WITH t AS (SELECT ?::oid AS oid)
      SELECT format('constraint %I stays: %s', conname, pg_get_constraintdef(k.oid))
      FROM pg_constraint k JOIN t ON conrelid = t.oid
      WHERE contype IN ('c', 'f', 'u', 'x') AND conname <> 'taskport_required'
      UNION ALL
      SELECT format('trigger %I stays', tgname)
      FROM pg_trigger JOIN t ON tgrelid = t.oid WHERE NOT tgisinternal AND tgtype & 3 <> 3
      UNION ALL
      SELECT 'row-level security stays on'
      FROM pg_class c JOIN t ON c.oid = t.oid WHERE relrowsecurity""";

  /** The table, view or other relation that {@code tasks} means on this connection, if any. */
  public static Optional<LegacyTable> find(Connection connection) throws SQLException {
    try (PreparedStatement query =
            connection.prepareStatement(
                """
                SELECT c.oid, quote_ident(n.nspname), format('%I.%I', n.nspname, c.relname), c.relkind::text,
                  EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.oid OR inhparent = c.oid),
                  pg_has_role(c.relowner, 'USAGE'), pg_get_userbyid(c.relowner),
                  pg_total_relation_size(c.oid)
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.oid = to_regclass('tasks')""");
        ResultSet row = query.executeQuery()) {
      if (!row.next()) {
        return Optional.empty();
      }
      long oid = row.getLong(1);
      return Optional.of(
          new LegacyTable(
              row.getString(2),
              row.getString(3),
              row.getString(4),
              row.getBoolean(5),
              row.getBoolean(6),
              row.getString(7),
              row.getLong(8),
              columns(connection, oid),
              indexes(connection, oid),
              constraints(connection, oid),
              lines(connection, TAKEN_NAMES, oid),
              dependents(connection, oid),
              lines(connection, BEFORE_TRIGGERS, oid),
              lines(connection, NOTES, oid)));
    }
  }

  /** Whether it lacks the column that every release of Taskport has. */
  public boolean isOldShape() {
    return column("version").isEmpty();
  }

  /** Says what prevents a change of the type of these columns. */
  List<String> dependentsOf(Predicate<Column> retyped) {
    return columns.stream()
        .filter(retyped)
        .flatMap(
            column ->
                dependents.stream().filter(dependent -> column.name().equals(dependent.column())))
        .map(dependent -> refusal(dependent.description()))
        .distinct()
        .toList();
  }

  /** Says what prevents a change of the primary key. */
  List<String> dependentsOfTheKey() {
    return dependents.stream()
        .filter(dependent -> dependent.column() == null)
        .map(dependent -> refusal(dependent.description()))
        .toList();
  }

  private static String refusal(String dependent) {
    return dependent + " depends on it: drop it first";
  }

  Optional<Column> column(String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findFirst();
  }

  Optional<Index> index(String bareName) {
    return indexes.stream().filter(index -> index.bareName().equals(bareName)).findFirst();
  }

  private static List<Column> columns(Connection connection, long oid) throws SQLException {
    List<Column> columns = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            """
            SELECT attname, format_type(atttypid, atttypmod), attnotnull,
              atthasdef OR attidentity <> '', attgenerated <> ''
            FROM pg_attribute WHERE attrelid = ? AND attnum > 0 AND NOT attisdropped
            ORDER BY attnum""")) {
      query.setLong(1, oid);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          columns.add(
              new Column(
                  row.getString(1),
                  row.getString(2),
                  row.getBoolean(3),
                  row.getBoolean(4),
                  row.getBoolean(5)));
        }
      }
    }
    return columns;
  }

  private static List<Index> indexes(Connection connection, long oid) throws SQLException {
    List<Index> indexes = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            """
            SELECT format('%I.%I', n.nspname, c.relname), c.relname, pg_get_indexdef(c.oid),
              substring(pg_get_indexdef(c.oid) from ' USING (.*)$'),
              i.indisunique, i.indisprimary, i.indisvalid,
              (SELECT quote_ident(conname) FROM pg_constraint
               WHERE conindid = c.oid AND conrelid = i.indrelid),
              ARRAY(SELECT a.attname::text FROM pg_attribute a
                WHERE a.attrelid = i.indrelid AND a.attnum > 0
                  AND (a.attnum = ANY (i.indkey) OR EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                      AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid
                      AND d.refobjsubid = a.attnum)))
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
              JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE i.indrelid = ? ORDER BY c.relname""")) {
      query.setLong(1, oid);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          indexes.add(
              new Index(
                  row.getString(1),
                  row.getString(2),
                  row.getString(3),
                  row.getString(4),
                  row.getBoolean(5),
                  row.getBoolean(6),
                  row.getBoolean(7),
                  row.getString(8),
                  names(row, 9)));
        }
      }
    }
    return indexes;
  }

  private static List<Constraint> constraints(Connection connection, long oid) throws SQLException {
    List<Constraint> constraints = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            """
            SELECT quote_ident(conname), conname, contype::text, pg_get_constraintdef(oid),
              ARRAY(SELECT attname::text FROM pg_attribute
                WHERE attrelid = conrelid AND attnum = ANY (conkey))
            FROM pg_constraint
            WHERE conrelid = ? AND contype IN ('c', 'f', 'u', 'x') ORDER BY conname""")) {
      query.setLong(1, oid);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          constraints.add(
              new Constraint(
                  row.getString(1),
                  row.getString(2),
                  row.getString(3),
                  row.getString(4),
                  names(row, 5)));
        }
      }
    }
    return constraints;
  }

  private static List<Dependent> dependents(Connection connection, long oid) throws SQLException {
    List<Dependent> dependents = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(DEPENDENTS)) {
      query.setLong(1, oid);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          dependents.add(new Dependent(row.getString(1), row.getString(2)));
        }
      }
    }
    return dependents;
  }

  private static List<String> names(ResultSet row, int column) throws SQLException {
    return List.of((String[]) row.getArray(column).getArray());
  }

  private static List<String> lines(Connection connection, String sql, long oid)
      throws SQLException {
    List<String> lines = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setLong(1, oid);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          lines.add(row.getString(1));
        }
      }
    }
    return lines;
  }
}
