package dev.taskport.adapter.postgres.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running server process, and the thread that starts it and waits for it. */
final class ServerProcess {

  private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);

  /** Recovery after a crash may read several gigabytes of WAL. */
  private static final Duration START_LIMIT = Duration.ofMinutes(10);

  private static final int PORT_ATTEMPTS = 10;
  private static final Duration LAST_BACKENDS_PAUSE = Duration.ofMillis(100);
  private static final int LAST_BACKENDS_ATTEMPTS = 100;

  private final Programs tools;
  private final int port;
  private final ProgramOutput output;
  private final CompletableFuture<Process> launched = new CompletableFuture<>();
  private final Thread keeper;

  private ServerProcess(Programs tools, int port) {
    this.tools = tools;
    this.port = port;
    this.output = new ProgramOutput(tools.folder().log());
    this.keeper = new Thread(this::keep, "taskport-postgres");
    keeper.setDaemon(true);
  }

  static ServerProcess start(Programs tools) throws IOException {
    return start(tools, ServerProcess::freePort);
  }

  /**
   * @param ports says which port to try next
   */
  static ServerProcess start(Programs tools, IntSupplier ports) throws IOException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    for (int attempt = 1; ; attempt++) {
      ServerProcess server = new ServerProcess(tools, ports.getAsInt());
      if (server.launchAndAwaitReady(deadline)) {
        return server;
      }
      boolean again = false;
      if (attempt < PORT_ATTEMPTS && server.output.says("could not bind")) {
        again = true; // a different process took the port after we checked it
      } else if (attempt < PORT_ATTEMPTS
          && server.output.says("\"postmaster.pid\" already exists")) {
        OrphanServer.stop(tools); // it had not yet written its process id when we checked
        again = true;
      } else if (attempt < LAST_BACKENDS_ATTEMPTS && server.output.says("shared memory block")) {
        LockSupport.parkNanos(LAST_BACKENDS_PAUSE.toNanos()); // backends of a killed server
        again = true;
      }
      if (!again) {
        throw server.output.failure("PostgreSQL did not start");
      }
    }
  }

  private static int freePort() {
    try (ServerSocket socket =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new EmbeddedPostgresException("No free port on 127.0.0.1: " + e.getMessage(), e);
    }
  }

  int port() {
    return port;
  }

  /**
   * Runs the server until it ends. The kernel sends the death signal when the <em>thread</em> that
   * forked ends, so the thread that starts the server must wait for it.
   */
  private void keep() {
    Process process;
    try {
      ProcessBuilder builder = tools.server(port);
      // The process id left in postmaster.pid may belong to a different process now, and PostgreSQL
      // would not start. It ignores the id of its own parent, which this variable sets. Its other
      // safeguard, the check of the earlier server's shared memory, still works.
      PidFile.pid(tools.folder().cluster())
          .ifPresent(pid -> builder.environment().put("PG_GRANDPARENT_PID", Long.toString(pid)));
      process = builder.start();
      launched.complete(process);
    } catch (IOException | RuntimeException | Error e) {
      launched.completeExceptionally(e);
      return;
    }
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      process.getOutputStream().close();
      lines
          .lines()
          .forEach(
              line -> {
                tools.folder().log().write(line);
                output.accept(line);
              });
    } catch (IOException | RuntimeException e) {
      LOG.error("PostgreSQL's output can no longer be read", e);
    }
    process.onExit().join(); // waits until the process has ended, even if interrupted
  }

  /** Waits until the server has ended and its output is written; returns its exit code. */
  int awaitEnd() throws InterruptedException {
    keeper.join();
    return launched.join().exitValue();
  }

  /** Returns false if the server gave up. */
  private boolean launchAndAwaitReady(long deadline) throws IOException {
    keeper.start();
    Process process;
    try {
      process = launched.join();
    } catch (CompletionException e) {
      throw new EmbeddedPostgresException(
          "PostgreSQL's programs in " + tools.home() + " can't be run: " + e.getCause(), e);
    }
    try {
      while (!PidFile.saysReady(tools.folder().cluster(), process.pid())) {
        if (process.waitFor(Programs.POLL.toMillis(), TimeUnit.MILLISECONDS)) {
          keeper.join();
          return false;
        }
        if (System.nanoTime() - deadline > 0) {
          stop();
          throw output.failure(
              "PostgreSQL was not ready after " + START_LIMIT.toMinutes() + " min");
        }
      }
      return true;
    } catch (InterruptedException e) {
      stop();
      Thread.currentThread().interrupt();
      throw new EmbeddedPostgresException("Interrupted while PostgreSQL was starting", e);
    } catch (IOException | RuntimeException | Error e) {
      stop();
      throw e;
    }
  }

  /**
   * Stops the server cleanly: it closes its connections and writes all data. If that takes too
   * long, stops it immediately, then kills it.
   */
  synchronized void stop() {
    Process process = launched.join();
    if (process.isAlive()) {
      if (!tools.signal("INT", process.pid())) {
        // On Unix this shutdown waits for connections to end, but needs none of PostgreSQL's
        // programs. Process.destroy would do the same and also close the log's pipe.
        process.toHandle().destroy();
      }
      if (!ended(Programs.ORDERLY_STOP_LIMIT)) {
        LOG.warn(
            "PostgreSQL is still stopping; telling it to stop at once (recovery at next start)");
        tools.signal("QUIT", process.pid());
        if (!ended(Programs.IMMEDIATE_STOP_LIMIT)) {
          LOG.error("PostgreSQL does not stop; killing it (recovery at next start)");
          process.toHandle().destroyForcibly();
          ended(Programs.IMMEDIATE_STOP_LIMIT);
        }
      }
    }
  }

  /** Waits for the server's end and its last output, even if interrupted. */
  private boolean ended(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          keeper.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
          return !keeper.isAlive();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
