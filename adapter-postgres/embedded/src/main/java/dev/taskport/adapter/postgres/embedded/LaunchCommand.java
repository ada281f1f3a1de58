package dev.taskport.adapter.postgres.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How PostgreSQL's programs are started on this machine. Every command of the prefix ends with
 * {@code exec}, so the process that Java starts is the program itself.
 *
 * @param prefix commands that drop root's rights ({@code unshare -U}) and detach from the terminal
 *     ({@code setsid}), so that Ctrl-C reaches only the service
 * @param endsWithParent whether {@code setpriv} can make the kernel signal the program when the
 *     thread that started it ends for any reason
 */
record LaunchCommand(List<String> prefix, boolean endsWithParent) {

  static LaunchCommand here(DataFolder folder) throws IOException {
    List<String> prefix = new ArrayList<>();
    boolean nameless =
        "?".equals(System.getProperty("user.name")) && !Files.exists(folder.cluster());
    if (folder.ownUid() == 0 || nameless) {
      String refusal = failure("unshare", "-U", "--", "true");
      if (!refusal.isEmpty() && nameless) {
        throw new EmbeddedPostgresException(
            "PostgreSQL's initdb wants a user with a name, and user id "
                + folder.ownUid()
                + " has none here (in /etc/passwd): start Taskport as one that has, or set DATABASE_URL");
      }
      if (!refusal.isEmpty()) {
        throw new EmbeddedPostgresException(
            "PostgreSQL does not run as root, and `unshare -U`, which would take root's rights from it,"
                + " does not work here ("
                + refusal
                + "): start Taskport as another user (in Docker: --user), or set DATABASE_URL");
      }
      prefix.addAll(List.of("unshare", "-U", "--"));
      if (!failure("unshare", "-U", "--", "test", "-w", folder.path().toString()).isEmpty()) {
        throw new EmbeddedPostgresException(
            "PostgreSQL runs without root's rights and so can't reach the data folder "
                + folder.path()
                + ": the folder must be root's own and those above it open to others; set DATA_DIR"
                + " to such a one, or start Taskport as the folder's owner");
      }
    }
    if (failure("setsid", "true").isEmpty()) {
      prefix.add("setsid");
    }
    return new LaunchCommand(
        List.copyOf(prefix), failure("setpriv", "--pdeathsig", "INT", "true").isEmpty());
  }

  /**
   * @param deathSignal the signal that the program gets when the thread that starts it ends, if the
   *     machine supports that
   */
  ProcessBuilder command(String deathSignal, List<String> command) {
    List<String> words = new ArrayList<>(prefix);
    if (endsWithParent) {
      words.addAll(List.of("setpriv", "--pdeathsig", deathSignal, "--"));
    }
    words.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    // The server must not inherit PGDATA, PGPORT, LD_LIBRARY_PATH, LC_ALL and so on from the
    // service.
    builder
        .environment()
        .keySet()
        .retainAll(List.of("PATH", "Path", "SystemRoot", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR"));
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("TZ", "UTC");
    return builder;
  }

  /** Runs a command; returns its error output, or an empty text if it succeeded. */
  private static String failure(String... command) throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return command[0] + " is missing";
    }
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      int code = process.waitFor();
      return code == 0 ? "" : output.isBlank() ? "exit code " + code : output.strip();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new EmbeddedPostgresException(
          String.format(Locale.ROOT, "Interrupted while running %s", command[0]), e);
    }
  }
}
