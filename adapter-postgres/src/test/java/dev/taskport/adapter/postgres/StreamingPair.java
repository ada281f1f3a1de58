package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A primary and its streaming standby, of the embedded binaries. The standby begins as a copy of
 * the primary's files while that is stopped. Both trust everybody on the loopback.
 */
final class StreamingPair implements AutoCloseable {
  private final Path folder;
  private final Path program;
  final Node primary;
  final Node standby;

  /** One of the two. */
  final class Node {
    private final Path cluster;
    final int port;
    private Process process;

    private Node(Path cluster, int port) throws IOException, InterruptedException {
      this.cluster = cluster;
      this.port = port;
      this.process = launch();
      awaitAnswer();
    }

    private Process launch() throws IOException {
      List<String> command = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL", "--"));
      if ("root".equals(System.getProperty("user.name"))) {
        command.addAll(0, List.of("unshare", "-U", "--"));
      }
      command.addAll(
          List.of(
              program.toString(),
              "-D",
              cluster.toString(),
              "-c",
              "port=" + port,
              "-c",
              "listen_addresses=127.0.0.1",
              "-c",
              "unix_socket_directories="));
      return new ProcessBuilder(command)
          .directory(folder.toFile())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
          .start();
    }

    private void awaitAnswer() throws IOException, InterruptedException {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (true) {
        try (Connection connection = dataSource("postgres").getConnection()) {
          connection.getMetaData();
          return;
        } catch (SQLException e) {
          if (System.nanoTime() > deadline || process.waitFor(20, TimeUnit.MILLISECONDS)) {
            throw new IOException(Files.readString(folder.resolve("log")), e);
          }
        }
      }
    }

    PGSimpleDataSource dataSource(String role) {
      PGSimpleDataSource dataSource = new PGSimpleDataSource();
      dataSource.setUrl("jdbc:postgresql://127.0.0.1:" + port + "/taskport");
      dataSource.setUser(role);
      return dataSource;
    }

    /** The first column of the first row, for the superuser. */
    String query(String sql) {
      return TestDatabase.query(dataSource("postgres"), sql);
    }

    void execute(String sql) throws SQLException {
      try (Connection connection = dataSource("postgres").getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }

    /** As a machine's failure does: nothing is said to anybody. */
    void kill() {
      process.toHandle().destroyForcibly();
      process.onExit().join();
    }

    void restart() throws IOException, InterruptedException {
      Files.deleteIfExists(cluster.resolve("postmaster.pid"));
      process = launch();
      awaitAnswer();
    }

    void promote() {
      query("SELECT pg_promote()");
    }
  }

  StreamingPair() throws IOException, InterruptedException {
    folder = Files.createTempDirectory("taskport-pair");
    Path data = folder.resolve("data");
    EmbeddedPostgres.start(data).close();
    try (Stream<Path> files = Files.walk(data)) {
      program = files.filter(file -> file.endsWith("bin/postgres")).findFirst().orElseThrow();
    }
    Path first = data.resolve("cluster");
    Files.writeString(
        first.resolve("pg_hba.conf"),
        "host all all 127.0.0.1/32 trust\nhost replication all 127.0.0.1/32 trust\n");
    Path second = copy(first, folder.resolve("standby"));
    primary = new Node(first, freePort());
    Files.createFile(second.resolve("standby.signal"));
    Files.writeString(
        second.resolve("postgresql.auto.conf"),
        "primary_conninfo = 'host=127.0.0.1 port=%d user=postgres'\n".formatted(primary.port),
        StandardOpenOption.APPEND);
    standby = new Node(second, freePort());
  }

  /** Has the primary wait for the standby from now on. */
  void makeSynchronous() throws SQLException {
    primary.execute("ALTER SYSTEM SET synchronous_standby_names = '*'");
    primary.query("SELECT pg_reload_conf()");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!primary
        .query("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")
        .equals("1")) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("The standby is not synchronous");
      }
    }
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path file : tree.toList()) {
        Files.copy(
            file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return to;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws IOException {
    primary.kill();
    standby.kill();
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
