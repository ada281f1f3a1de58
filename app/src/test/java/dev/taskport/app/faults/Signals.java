package dev.taskport.app.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Signals that Java can't send. */
final class Signals {
  private Signals() {}

  /** Sends the signal of this name to those of the processes that are alive. */
  static void send(String signal, List<ProcessHandle> processes)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
    processes.forEach(process -> command.add(String.valueOf(process.pid())));
    new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
