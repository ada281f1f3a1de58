package dev.taskport.adapter.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.ds.PGSimpleDataSource;

/** Debian's PgBouncer in transaction mode before a test's schema, with few server connections. */
final class PgBouncer implements AutoCloseable {
  private static final String PROGRAM = "/usr/sbin/pgbouncer";

  private final Process process;
  private final int port;
  private final Path folder;

  private PgBouncer(Process process, int port, Path folder) {
    this.process = process;
    this.port = port;
    this.folder = folder;
  }

  /** Whether the installed release can keep apart prepared statements (1.21 and later). */
  static boolean canPrepare() throws IOException, InterruptedException {
    Process process = new ProcessBuilder(PROGRAM, "--version").redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    Matcher version = Pattern.compile("PgBouncer (\\d+)\\.(\\d+)").matcher(said);
    if (!version.find()) {
      throw new IOException("No PgBouncer: " + said);
    }
    return Integer.parseInt(version.group(1)) > 1 || Integer.parseInt(version.group(2)) >= 21;
  }

  /**
   * @param serverPort where the server is reached
   * @param prepares whether it keeps apart prepared statements, where it can
   */
  static PgBouncer before(StoreDatabase database, int serverPort, boolean prepares)
      throws IOException, InterruptedException {
    PGSimpleDataSource server = database.dataSource();
    int port = freePort();
    Path folder = Files.createTempDirectory("taskport-pgbouncer");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path configuration = folder.resolve("pgbouncer.ini");
    Files.writeString(
        configuration,
        """
        [databases]
        pooled = host=127.0.0.1 port=%d dbname=%s user=%s password=%s connect_query='SET search_path TO %s'
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = any
        pool_mode = transaction
        default_pool_size = 3
        query_wait_timeout = 2
        server_login_retry = 0
        %s
        """
            .formatted(
                serverPort,
                server.getDatabaseName(),
                server.getUser(),
                server.getPassword(),
                server.getCurrentSchema(),
                port,
                canPrepare() ? "max_prepared_statements = " + (prepares ? 200 : 0) : ""));
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"));
    }
    command.addAll(List.of(PROGRAM, "-q", configuration.toString()));
    PgBouncer bouncer =
        new PgBouncer(
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start(),
            port,
            folder);
    bouncer.awaitListening();
    return bouncer;
  }

  /** Where pgjdbc finds it, in any name. */
  String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/pooled?sslmode=disable&gssEncMode=disable";
  }

  /** The same in the form that people have. */
  String url() {
    return "postgresql://anybody@127.0.0.1:" + port + "/pooled";
  }

  private void awaitListening() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return;
      } catch (IOException e) {
        if (System.nanoTime() > deadline || process.waitFor(20, TimeUnit.MILLISECONDS)) {
          throw new IOException("PgBouncer: " + Files.readString(folder.resolve("log")), e);
        }
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    process.onExit().join();
    for (String file : List.of("pgbouncer.ini", "log")) {
      Files.deleteIfExists(folder.resolve(file));
    }
    Files.delete(folder);
  }
}
