package dev.taskport.adapter.postgres.migration;

import dev.taskport.adapter.postgres.migration.legacy.LegacyTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state before a migration: the server, the schema for Taskport's tables, and the relation that
 * {@code tasks} names there.
 *
 * @param version as the server reports it: {@code 18.6}
 * @param schema the schema of {@code tasks}, or else the first existing one of the search path;
 *     null when there is none
 * @param quotedSchema the schema for use in SQL
 * @param mayCreate whether the role may create tables in that schema
 */
record SchemaState(
    int versionNumber,
    String version,
    String encoding,
    boolean replica,
    String database,
    String role,
    @Nullable String schema,
    @Nullable String quotedSchema,
    boolean mayCreate,
    Optional<LegacyTable> tasks) {

  static SchemaState read(Connection connection) throws SQLException {
    Optional<LegacyTable> tasks = LegacyTable.find(connection);
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT current_setting('server_version_num')::int, split_part(current_setting('server_version'), ' ', 1),
                  current_setting('server_encoding'), pg_is_in_recovery(), current_database(),
                  current_user, s.name, quote_ident(s.name),
                  coalesce(has_schema_privilege(s.name, 'CREATE'), false)
                FROM (SELECT coalesce(
                  (SELECT nspname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
                   WHERE c.oid = to_regclass('tasks')), current_schema()) AS name) s""")) {
      row.next();
      return new SchemaState(
          row.getInt(1),
          row.getString(2),
          row.getString(3),
          row.getBoolean(4),
          row.getString(5),
          row.getString(6),
          row.getString(7),
          row.getString(8),
          row.getBoolean(9),
          tasks);
    }
  }

  /** The schema. Call it only if {@link #refusals()} is empty. */
  String schemaName() {
    return Objects.requireNonNull(schema);
  }

  /** A sentence for the operator: server, database, schema and role. */
  String description() {
    return "PostgreSQL %s, database %s, schema %s, as role %s."
        .formatted(version, database, schema, role);
  }

  /** Why no migration is possible here, whatever the schema contains; empty if it is possible. */
  List<String> refusals() {
    List<String> refusals = new ArrayList<>();
    if (versionNumber < 140000) {
      refusals.add("PostgreSQL " + version + " is too old: Taskport needs 14 or later");
    }
    if (!encoding.equals("UTF8")) {
      refusals.add(
          "database " + database + " has the encoding " + encoding + ": Taskport needs UTF8");
    }
    if (replica) {
      refusals.add("this server is a read-only replica: set DIRECT_URL to the primary");
    }
    if (schema == null) {
      refusals.add("no schema of the search path exists: create it, or correct the search path");
    }
    return refusals;
  }

  /** The rights that the role lacks to create or change the table; empty if it lacks none. */
  List<String> missingRights() {
    List<String> missing = new ArrayList<>();
    if (!mayCreate) {
      missing.add(
          "role %s may not create in schema %s: GRANT CREATE ON SCHEMA %2$s TO %1$s, or set DIRECT_URL to a role that may"
              .formatted(role, quotedSchema));
    }
    tasks
        .filter(table -> !table.owned())
        .ifPresent(
            table ->
                missing.add(
                    "role %s does not own table %s: set DIRECT_URL to its owner, %s"
                        .formatted(role, table.name(), table.owner())));
    return missing;
  }
}
