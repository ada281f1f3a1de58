package dev.taskport.adapter.postgres.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A service in a process of its own, to be killed. It says {@code ready URL} or {@code refused
 * MESSAGE} and stops when its input ends; told to write, it commits row after row and says {@code
 * row N} for each.
 */
final class EmbeddedService implements AutoCloseable {

  private final Process process;
  private final BufferedReader output;

  private EmbeddedService(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  static EmbeddedService start(Path dataDir) throws IOException {
    return start(List.of(), Map.of(), dataDir);
  }

  /**
   * @param prefix a command to put in front
   * @param environment added to the inherited one
   */
  static EmbeddedService start(
      List<String> prefix, Map<String, String> environment, Path dataDir, String... mode)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
    command.add(EmbeddedService.class.getName());
    command.add(dataDir.toString());
    command.addAll(List.of(mode));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    return new EmbeddedService(builder.start());
  }

  /** The next thing it says, or null when it has ended. Log lines are passed over. */
  @Nullable String says() throws IOException {
    String line = output.readLine();
    while (line != null && !line.matches("(ready|refused|row) .*")) {
      line = output.readLine();
    }
    return line;
  }

  List<String> saysUntilItEnds() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = says(); line != null; line = says()) {
      lines.add(line);
    }
    return lines;
  }

  /** Lets it run for that long, unless it ends before. */
  void leaveAlone(long millis) throws InterruptedException {
    process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** As {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.toHandle().destroyForcibly(); // Process's own would close the streams as well
    process.waitFor();
  }

  /** Lets it stop in order. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.onExit().join();
    output.close();
  }

  public static void main(String[] arguments) throws IOException, SQLException {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(Path.of(arguments[0]))) {
      System.out.println("ready " + postgres.jdbcUrl());
      if (arguments.length > 1) {
        write(postgres);
      }
      while (System.in.read() >= 0) {
        // Runs until its input ends.
      }
    } catch (EmbeddedPostgresException e) {
      System.out.println("refused " + e.getMessage());
    }
  }

  private static void write(EmbeddedPostgres postgres) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                postgres.jdbcUrl(), postgres.username(), postgres.password());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS kept (n bigserial PRIMARY KEY)");
      while (true) {
        try (ResultSet row =
            statement.executeQuery("INSERT INTO kept DEFAULT VALUES RETURNING n")) {
          row.next();
          System.out.println("row " + row.getLong(1));
        }
      }
    }
  }
}
