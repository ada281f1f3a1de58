package dev.taskport.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command that has ended by itself. What it printed stays out of the output of the tests: it may
 * be a token.
 *
 * @param status its exit code
 * @param output all of its standard output
 * @param errors all of its standard error
 */
record Command(int status, String output, String errors) {
  private static final long DEADLINE_MINUTES = 8;

  /** Runs it with these variables and no others. */
  static Command run(Path workingDirectory, Map<String, String> environment, List<String> command) {
    try {
      Path output = Files.createTempFile("taskport", ".out");
      Path errors = Files.createTempFile("taskport", ".err");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command)
                .directory(workingDirectory.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES)) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
          throw new AssertionError("It does not end; it said:\n" + Files.readString(errors));
        }
        return new Command(
            process.exitValue(), Files.readString(output).strip(), Files.readString(errors));
      } finally {
        Files.delete(output);
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }
}
