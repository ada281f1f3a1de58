package dev.taskport.adapter.postgres.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL's programs, ready to run on one data folder.
 *
 * @param home where {@code bin} is
 */
record Programs(Path home, LaunchCommand launch, DataFolder folder) {
  /** How long a server may take to stop after a signal: cleanly (INT) and immediately (QUIT). */
  static final Duration ORDERLY_STOP_LIMIT = Duration.ofSeconds(25);

  static final Duration IMMEDIATE_STOP_LIMIT = Duration.ofSeconds(10);
  static final Duration POLL = Duration.ofMillis(10);

  private static final Logger LOG = LoggerFactory.getLogger(Programs.class);

  /**
   * Runs a program to its end. It is killed if the service ends first, or if this thread is
   * interrupted.
   */
  void run(String input, String program, String... arguments) throws IOException {
    Process process = command("KILL", program, arguments).start();
    ProgramOutput output = new ProgramOutput(folder.log());
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // The program ended without reading its input. Its output and exit code, below, say why.
        output.accept("did not read its input: " + e.getMessage());
      }
      lines.lines().forEach(output::accept);
      int code = process.waitFor();
      if (code != 0) {
        output.log();
        throw output.failure("PostgreSQL's " + program + " failed (exit code " + code + ")");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedPostgresException("Interrupted while PostgreSQL's " + program + " ran", e);
    } finally {
      process.destroyForcibly();
    }
  }

  /** The command for the server. The thread that starts it must live as long as the server. */
  ProcessBuilder server(int port) {
    List<String> arguments = new ArrayList<>(List.of("-D", folder.cluster().toString()));
    for (String setting :
        List.of(
            "port=" + port,
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=on",
            "full_page_writes=on",
            "synchronous_commit=on",
            "password_encryption=scram-sha-256",
            "logging_collector=off",
            "log_destination=stderr",
            "lc_messages=C",
            // Keeps users' data (rows in a DETAIL, statements) out of the log.
            "log_error_verbosity=terse",
            "log_min_error_statement=panic")) {
      arguments.add("-c");
      arguments.add(setting);
    }
    // INT if the parent dies: a fast, clean shutdown. It needs no recovery, and the next start
    // waits for it.
    return command("INT", "postgres", arguments.toArray(String[]::new));
  }

  /**
   * Sends a signal with pg_ctl, which works on every system. Returns false if it couldn't be sent,
   * which is normal for a process that is ending.
   */
  boolean signal(String signal, long pid) {
    try {
      run("", "pg_ctl", "kill", signal, Long.toString(pid));
      return true;
    } catch (IOException | EmbeddedPostgresException e) {
      LOG.warn("SIG{} did not reach PostgreSQL (process {}): {}", signal, pid, e.getMessage());
      return false;
    }
  }

  private ProcessBuilder command(String deathSignal, String program, String... arguments) {
    List<String> words = new ArrayList<>();
    words.add(home.resolve("bin").resolve(program).toString());
    words.addAll(List.of(arguments));
    return launch.command(deathSignal, words).directory(folder.path().toFile());
  }
}
