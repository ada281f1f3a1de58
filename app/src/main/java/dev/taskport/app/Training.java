package dev.taskport.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Does once what a service does, so that the JVM can note it for its AOT cache: starts, serves some
 * requests and stops, first open on the embedded server, and then with tokens on an external one.
 * It reads no setting of the user's; its database is in a temporary folder, and its ports are any
 * free ones of the loopback.
 */
final class Training {
  private static final String USER = "training";
  private static final String TASKS = "/api/" + USER + "/tasks";
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
  private static final int TIMEOUT_MS = 60_000;

  private final URI service;
  private final String headers;

  private Training(URI service, String headers) {
    this.service = service;
    this.headers = headers;
  }

  /**
   * Takes some seconds, and leaves nothing behind.
   *
   * @throws SettingsException if it fails
   */
  static void run() {
    try {
      Path folder = Files.createTempDirectory("taskport-training-");
      // The server ends with this process, so nothing is in use then.
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> delete(folder), "training-folder-removal"));
      makeDatabase(folder);
      serve(folder, Map.of());
      byte[] secret = new byte[32];
      new SecureRandom().nextBytes(secret);
      try (Database database = Database.open(Settings.read(Map.of(), folder))) {
        serve(
            folder,
            Map.of(
                "DATABASE_URL",
                url(database.address()),
                "JWT_SECRET",
                HexFormat.of().formatHex(secret),
                "MANAGEMENT_PORT",
                "0"));
      }
    } catch (IOException e) {
      throw new SettingsException(
          "train: the service did not serve in the folder for temporary files (%s): see that there is room, or set -Djava.io.tmpdir"
              .formatted(e.getMessage()));
    }
  }

  /**
   * In a process of its own, because a service does this once: its classes would be in the cache,
   * and all that are in there are loaded at each start.
   */
  private static void makeDatabase(Path folder) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Path.of(System.getProperty("java.class.path")).toAbsolutePath().toString(),
                "migrate")
            .directory(folder.toFile())
            .inheritIO();
    builder.environment().keySet().retainAll(Set.of("PATH"));
    int status = builder.start().onExit().join().exitValue();
    if (status != 0) {
      throw new IOException("no database was made");
    }
  }

  private static String url(DatabaseAddress database) {
    URI address = URI.create(database.jdbcUrl().substring("jdbc:".length()));
    return "postgresql://%s:%s@%s%s"
        .formatted(
            database.username(), database.password(), address.getAuthority(), address.getPath());
  }

  private static void serve(Path folder, Map<String, String> variables) throws IOException {
    Map<String, String> all = new HashMap<>(variables);
    all.put("HOST", "127.0.0.1");
    all.put("PORT", "0");
    Settings settings = Settings.read(all, folder);
    Logging.start(settings);
    try (Service service =
        Service.start(
            settings,
            e -> {
              throw e;
            })) {
      String headers =
          settings.tokens() == null
              ? ""
              : "Authorization: Bearer "
                  + settings.tokens().sign(USER, Instant.now().plus(Duration.ofHours(1)))
                  + "\r\n";
      new Training(service.uri(), headers).journey();
    }
  }

  private void journey() throws IOException {
    send("GET", "/health", null);
    String task = TASKS + "/" + id(send("POST", TASKS, "{\"title\":\"Learn\",\"tags\":[\"a\"]}"));
    send("GET", TASKS + "?limit=10&status=pending&sort=title", null);
    send("GET", TASKS, null);
    send("GET", TASKS + "/summary", null);
    send("GET", TASKS + "/changes", null);
    send("GET", task, null);
    send("PATCH", task + "/complete", null);
    send("PUT", task, "{\"title\":\"Learned\",\"due_date\":\"2030-01-01\"}");
    send("DELETE", task, null);
    send("GET", "/docs", null);
    send("GET", "/openapi.json", null);
  }

  private static String id(String answer) throws IOException {
    Matcher id = ID.matcher(answer);
    if (!id.find()) {
      throw new IOException("a task has no id");
    }
    return id.group(1);
  }

  /**
   * Sends a request and returns the answer. On a plain socket: the classes of an HTTP client would
   * be in the cache, and a service doesn't need them.
   */
  private String send(String method, String path, @Nullable String body) throws IOException {
    String content =
        body == null
            ? ""
            : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n";
    try (Socket socket = new Socket(service.getHost(), service.getPort())) {
      socket.setSoTimeout(TIMEOUT_MS);
      String request =
          "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s%s\r\n%s"
              .formatted(
                  method, path, service.getAuthority(), headers, content, body == null ? "" : body);
      socket.getOutputStream().write(request.getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      if (!answer.startsWith("HTTP/1.1 2")) {
        throw new IOException(answer.lines().findFirst().orElse("no answer"));
      }
      return answer;
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> all = new ArrayList<>(files.toList());
      all.sort(Comparator.reverseOrder());
      for (Path file : all) {
        Files.delete(file);
      }
    } catch (IOException e) {
      // The system clears the folder for temporary files.
    }
  }
}
