package dev.taskport.app;

import dev.taskport.adapter.postgres.dump.DumpException;
import dev.taskport.adapter.postgres.embedded.EmbeddedPostgresException;
import dev.taskport.adapter.rest.token.TokenSettings;
import dev.taskport.app.isolation.IsolationCheck;
import dev.taskport.app.isolation.IsolationException;
import dev.taskport.domain.InvalidValueException;
import dev.taskport.domain.UserId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service's entry point. */
public final class Taskport {
  private static final String USAGE =
      """
      Usage: taskport [COMMAND]

        (nothing)              start the service; SIGTERM or Ctrl-C stops it
        migrate                migrate the database's schema to the newest version, and exit
        migrate --dry-run      print what that would do, and change nothing; status 1 if it can't be done
        dump FILE              write all tasks to a new file
        restore FILE           load the tasks of such a file into a database without tasks
        token USER             print a token for USER, signed with the shared secret of these settings,
                               to try the service out; it is valid for an hour
        check-isolation [URL]  try to reach a different user's tasks on a running service, through every
                               operation and by all known tricks; status 1 if one succeeds.
                               Without URL: the service on this machine, on the port of these settings.
                               Tokens are signed with the shared secret; without one, put tokens of two
                               test accounts into ISOLATION_TOKEN_A and ISOLATION_TOKEN_B
        train                  make the AOT cache, with which the service starts in half the time (JDK 25
                               or later); the launcher does that by itself, in the background
        --version              print the version, and the version of Java
        --help                 print this

      Settings are environment variables or lines of a .env file: see .env.example.\
      """;

  /** Just long enough for trying out the service, because a token can't be revoked. */
  private static final Duration TOKEN_LIFETIME = Duration.ofHours(1);

  private Taskport() {}

  /** Starts the service, or runs the command. Exits with status 1 on failure. */
  public static void main(String[] args) {
    try {
      run(List.of(args));
    } catch (SettingsException | EmbeddedPostgresException | DumpException | IsolationException e) {
      fail(String.valueOf(e.getMessage()));
    }
  }

  private static void run(List<String> arguments) {
    if (arguments.isEmpty()) {
      serve(settings());
    } else if (arguments.contains("--help") || arguments.contains("-h")) {
      print(USAGE);
    } else if (arguments.equals(List.of("--version"))) {
      print(
          "taskport %s (Java %s)"
              .formatted(
                  Taskport.class.getPackage().getImplementationVersion(), Runtime.version()));
    } else if (arguments.equals(List.of("migrate"))) {
      boolean migrated;
      try (Database database = Database.open(settings())) {
        migrated = database.migrate();
      }
      print(migrated ? "The schema was brought up to date." : "There was nothing to do.");
    } else if (arguments.equals(List.of("migrate", "--dry-run"))) {
      List<String> plan;
      try (Database database = Database.open(settings())) {
        plan = database.migrationPlan();
      }
      plan.forEach(Taskport::print);
      if (plan.stream().anyMatch(line -> line.startsWith("Refused:"))) {
        System.exit(1);
      }
    } else if (arguments.get(0).equals("dump") && arguments.size() == 2) {
      long tasks;
      try (Database database = Database.open(settings())) {
        tasks = database.dump(Path.of(arguments.get(1)));
      }
      print("%d tasks are in %s".formatted(tasks, arguments.get(1)));
    } else if (arguments.get(0).equals("restore") && arguments.size() == 2) {
      long tasks;
      try (Database database = Database.open(settings())) {
        tasks = database.restore(Path.of(arguments.get(1)));
      }
      print("%d tasks are restored from %s".formatted(tasks, arguments.get(1)));
    } else if (arguments.get(0).equals("check-isolation") && arguments.size() <= 2) {
      Settings settings = settings();
      String url = arguments.size() == 2 ? arguments.get(1) : settings.localUrl();
      if (!IsolationCheck.run(url, settings.tokens(), System.getenv(), Taskport::print)) {
        System.exit(1);
      }
    } else if (arguments.equals(List.of("train"))) {
      Training.run();
    } else if (arguments.get(0).equals("token") && arguments.size() == 2) {
      token(settings().tokens(), arguments.get(1));
    } else {
      fail("don't know " + String.join(" ", arguments) + "; see --help");
    }
  }

  private static void token(@Nullable TokenSettings settings, String user) {
    if (settings == null || settings.secret() == null) {
      throw new SettingsException(
          "JWT_SECRET: it is not set, and there is no other shared secret to sign a token with:"
              + " echo \"JWT_SECRET=$(openssl rand -hex 32)\" >> .env, and restart the service");
    }
    String token;
    try {
      token = settings.sign(UserId.parse(user).value(), Instant.now().plus(TOKEN_LIFETIME));
    } catch (InvalidValueException e) {
      throw new SettingsException("USER: " + e.getMessage());
    }
    print(token);
    // On the standard error, so that TOKEN=$(./taskport token ann) works.
    tell("a token for %s, good for %d minutes".formatted(user, TOKEN_LIFETIME.toMinutes()));
  }

  private static Settings settings() {
    Settings settings = Settings.read(System.getenv(), Path.of("").toAbsolutePath());
    Logging.start(settings);
    return settings;
  }

  private static void serve(Settings settings) {
    Logger log = LoggerFactory.getLogger(Taskport.class);
    // A client could have keys agreed upon again and again (TLS 1.2); nobody needs that.
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    Service service = Service.start(settings, e -> fail(String.valueOf(e.getMessage())));
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  log.info("Stopping");
                  service.close();
                  log.info("Stopped");
                  Logging.flush();
                },
                "stop"));
    StopSignals.handle(service::hurry);
    TokenVariables.warnings(settings.tokens(), settings.host()).forEach(log::warn);
    if (service.managementUrl() != null) {
      log.info("Metrics are at {}/metrics", service.managementUrl());
    }
    log.info("Listening on {}; the documentation is at {}/docs", service.uri(), service.uri());
  }

  @SuppressWarnings("SystemOut") // the output of a command
  private static void print(String text) {
    System.out.println(text);
  }

  @SuppressWarnings("SystemOut") // the log may not be configured yet
  private static void tell(String message) {
    System.err.println("taskport: " + message);
  }

  private static void fail(String message) {
    tell(message);
    System.exit(1);
  }
}
