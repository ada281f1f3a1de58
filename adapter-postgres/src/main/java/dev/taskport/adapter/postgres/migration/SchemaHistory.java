package dev.taskport.adapter.postgres.migration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationVersion;

/**
 * Checks whether a schema has had all scripts of this release. The check takes two statements, no
 * lock and no session settings, because almost every start finds nothing to do.
 */
final class SchemaHistory {
  static final String NAME = "taskport_schema_history";

  private static final Pattern SCRIPT = Pattern.compile("V(.+?)__.+\\.sql");

  private static final String TABLE =
      """
      SELECT format('%%I.%%I', n.nspname, h.relname)
      FROM pg_class tasks
        JOIN pg_namespace n ON n.oid = tasks.relnamespace
        JOIN pg_class h ON h.relnamespace = n.oid AND h.relname = '%s'
        JOIN pg_attribute a ON a.attrelid = tasks.oid AND a.attname = 'version'
      WHERE tasks.oid = to_regclass('tasks') AND NOT a.attisdropped AND NOT pg_is_in_recovery()"""
          .formatted(NAME);

  private SchemaHistory() {}

  /**
   * Whether these scripts leave nothing to migrate and nothing to refuse.
   *
   * @param locations as Flyway takes them, on the class path
   */
  static boolean isUpToDate(Connection connection, String... locations) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      Optional<String> table = firstColumn(statement, TABLE).stream().findFirst();
      if (table.isEmpty()) {
        return false;
      }
      Set<MigrationVersion> done =
          versions(
              firstColumn(
                  statement,
                  "SELECT version FROM " + table.get() + " WHERE success AND version IS NOT NULL"));
      Set<MigrationVersion> known = versions(scripts(locations));
      return !known.isEmpty()
          && done.containsAll(known)
          && Collections.max(done).getMajor().equals(Collections.max(known).getMajor());
    }
  }

  private static Set<String> firstColumn(Statement statement, String sql) throws SQLException {
    Set<String> values = new HashSet<>();
    try (ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        values.add(row.getString(1));
      }
    }
    return values;
  }

  private static Set<MigrationVersion> versions(Set<String> texts) {
    Set<MigrationVersion> versions = new HashSet<>();
    texts.forEach(text -> versions.add(MigrationVersion.fromVersion(text)));
    return versions;
  }

  private static Set<String> scripts(String... locations) {
    Set<String> versions = new HashSet<>();
    for (String location : locations) {
      String folder = location.replaceFirst("^classpath:", "");
      try {
        for (URL url :
            Collections.list(SchemaHistory.class.getClassLoader().getResources(folder))) {
          for (String file : files(url, folder)) {
            Matcher script = SCRIPT.matcher(file);
            if (script.matches()) {
              versions.add(script.group(1).replace('_', '.'));
            }
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException("The migration scripts can't be read", e);
      }
    }
    return versions;
  }

  /** The names of the files in a folder of the class path, in a jar or not. */
  private static List<String> files(URL url, String folder) throws IOException {
    URLConnection connection = url.openConnection();
    if (connection instanceof JarURLConnection inJar) {
      inJar.setUseCaches(false);
      try (JarFile jar = inJar.getJarFile()) {
        return jar.stream()
            .map(JarEntry::getName)
            .filter(name -> name.startsWith(folder + "/"))
            .map(name -> name.substring(folder.length() + 1))
            .toList();
      }
    }
    try (Stream<Path> files = Files.list(Path.of(URI.create(url.toString())))) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }
}
