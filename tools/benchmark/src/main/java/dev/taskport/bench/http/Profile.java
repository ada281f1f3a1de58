package dev.taskport.bench.http;

import dev.taskport.bench.server.Progress;
import dev.taskport.bench.server.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Records one work with JFR, and prints where the time goes. */
public final class Profile {
  private static final Path TOOLS = Path.of(System.getProperty("java.home"), "bin");
  private static final int WARM_SECONDS = 15;

  private Profile() {}

  public static void run(Options options) throws IOException, SQLException {
    Wrk.require();
    Work work = options.works().get(0);
    Path file =
        Path.of("tools/benchmark/target", work.title().replace(' ', '-') + ".jfr").toAbsolutePath();
    try (Server server = HttpBenchmark.server(options);
        Contender taskport =
            Contender.taskport(
                "Taskport",
                TaskTables.taskport(server, options.rows(), options.users()),
                options.tokens() ? Tokens.write(options.users()) : null,
                options.tokens() ? Map.of("JWT_SECRET", Tokens.SECRET) : Map.of())) {
      String pid = String.valueOf(taskport.pid());
      Progress.say("warming %s", work.title());
      taskport.load(work, options, WARM_SECONDS);
      command("jcmd", pid, "JFR.start", "name=profile", "settings=profile");
      taskport.measure(work, options, HttpBenchmark.postmaster(server), 1);
      command("jcmd", pid, "JFR.stop", "name=profile", "filename=" + file);
    }
    if (Runtime.version().feature() >= 21) {
      for (String view : List.of("hot-methods", "thread-cpu-load", "allocation-by-class", "gc")) {
        command("jfr", "view", "--width", "120", view, file.toString());
      }
    } else {
      command("jfr", "summary", file.toString());
    }
    Progress.say("the recording is in %s", file);
  }

  private static void command(String tool, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(TOOLS.resolve(tool).toString()));
    command.addAll(List.of(arguments));
    Process process = Children.start(new ProcessBuilder(command).inheritIO());
    if (process.onExit().join().exitValue() != 0) {
      throw new IllegalStateException(tool + " failed");
    }
    Children.end(process);
  }
}
