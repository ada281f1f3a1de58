package dev.taskport.bench.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server of PostgreSQL's programs in a folder, with its defaults: fsync is on. It trusts whoever
 * is on this machine. It ends with this process.
 */
final class LocalPostgres implements AutoCloseable {
  private static final int SECONDS_TO_STOP = 60;

  private final Process server;
  private final int port;

  private LocalPostgres(Process server, int port) {
    this.server = server;
    this.port = port;
  }

  /**
   * @param programs the folder with {@code initdb} and {@code postgres}
   * @param data where its data is kept
   */
  static LocalPostgres start(Path programs, Path data) {
    try {
      Files.createDirectories(data.getParent());
      if (!Files.exists(data)) {
        Process initdb =
            new ProcessBuilder(
                    command(
                        programs.resolve("initdb").toString(),
                        "--pgdata=" + data,
                        "--username=taskport",
                        "--auth=trust",
                        "--encoding=UTF8",
                        "--no-locale"))
                .redirectErrorStream(true)
                .redirectOutput(Path.of(data + ".log").toFile())
                .start();
        if (initdb.waitFor() != 0) {
          throw new IllegalStateException("initdb failed: see " + data + ".log");
        }
      }
      int port;
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      Process server =
          new ProcessBuilder(
                  command(
                      programs.resolve("postgres").toString(),
                      "-D",
                      data.toString(),
                      "-c",
                      "port=" + port,
                      "-c",
                      "listen_addresses=127.0.0.1",
                      "-c",
                      "unix_socket_directories="))
              .redirectErrorStream(true)
              .redirectOutput(Path.of(data + ".log").toFile())
              .start();
      return new LocalPostgres(server, port);
    } catch (IOException e) {
      throw new IllegalStateException("PostgreSQL does not start: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  /** PostgreSQL refuses to be root, and must not outlive the benchmark. */
  private static List<String> command(String... words) {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("unshare", "-U", "--"));
    }
    command.addAll(List.of("setpriv", "--pdeathsig", "INT", "--"));
    command.addAll(List.of(words));
    return command;
  }

  String url() {
    return "postgresql://taskport@127.0.0.1:" + port + "/postgres";
  }

  @Override
  public void close() {
    server.toHandle().destroy(); // once all connections are closed
    try {
      if (!server.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
        server.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
