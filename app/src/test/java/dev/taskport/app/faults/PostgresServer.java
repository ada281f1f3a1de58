package dev.taskport.app.faults;

import dev.taskport.adapter.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A server of the embedded binaries that a test may kill and stop. It trusts everybody on the
 * loopback. It dies with the thread that starts it.
 */
final class PostgresServer implements AutoCloseable {
  private final Path folder;
  private final Path program;
  private final int port;
  private Process process;

  /**
   * @param folder an empty folder, which stays
   */
  PostgresServer(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    EmbeddedPostgres.start(folder).close();
    try (Stream<Path> files = Files.walk(folder)) {
      program = files.filter(file -> file.endsWith("bin/postgres")).findFirst().orElseThrow();
    }
    Files.writeString(folder.resolve("cluster/pg_hba.conf"), "host all all 127.0.0.1/32 trust\n");
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    process = launch();
    awaitAnswer();
  }

  int port() {
    return port;
  }

  private Process launch() throws IOException {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("unshare", "-U", "--"));
    }
    command.addAll(
        List.of(
            "setpriv",
            "--pdeathsig",
            "KILL",
            "--",
            program.toString(),
            "-D",
            folder.resolve("cluster").toString(),
            "-c",
            "port=" + port,
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories="));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("server.log").toFile()))
        .start();
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try {
        var unused = query("SELECT 1");
        return;
      } catch (SQLException e) {
        if (System.nanoTime() > deadline) {
          throw new IOException(Files.readString(folder.resolve("server.log")), e);
        }
        if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
          process = launch();
        }
      }
    }
  }

  /** The rows as text, the columns separated by a bar; asked as the superuser. */
  List<String> query(String sql) throws SQLException {
    String url = "jdbc:postgresql://127.0.0.1:%d/taskport?user=postgres".formatted(port);
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> texts = new ArrayList<>();
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          values.add(rows.getString(i));
        }
        texts.add(String.join("|", values));
      }
      return texts;
    }
  }

  /** As a machine's failure does: all processes at once, and nothing is said to anybody. */
  void kill() {
    List<ProcessHandle> all = processes();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(one -> one.onExit().join());
  }

  void start() throws IOException, InterruptedException {
    process = launch();
    awaitAnswer();
  }

  /** SIGSTOP: the kernel still accepts connections, but nobody answers. */
  void stop() throws IOException, InterruptedException {
    Signals.send("STOP", processes());
  }

  /** SIGCONT. */
  void resume() throws IOException, InterruptedException {
    Signals.send("CONT", processes());
  }

  private List<ProcessHandle> processes() {
    return Stream.concat(Stream.of(process.toHandle()), process.toHandle().descendants()).toList();
  }

  @Override
  public void close() {
    kill();
  }
}
