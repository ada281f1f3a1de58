package dev.taskport.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The real service in a process of its own, as the launcher starts it, and a client for it. */
public final class TaskportProcess implements AutoCloseable {
  /** How the service is started; the build makes the archive of its classes before these tests. */
  static final List<String> COMMAND =
      List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-XX:TieredStopAtLevel=1", // what the second compiler costs, a test can't gain
          "-XX:+UseSerialGC",
          "-XX:SharedArchiveFile=" + Path.of("target", "taskport.jsa").toAbsolutePath(),
          "-jar",
          Path.of("target", "taskport.jar").toAbsolutePath().toString());

  private static final Pattern LISTENING = Pattern.compile("Listening on (http\\S+);");
  private static final Pattern PASSWORD = Pattern.compile("password=([^&]+)|://[^:/]*:([^@/]+)@");
  private static final long DEADLINE_SECONDS = 180;

  private final Process process;
  private final List<String> output = new CopyOnWriteArrayList<>();
  private final CompletableFuture<URI> listening = new CompletableFuture<>();
  private final Thread reader;
  private final HttpClient client = HttpClient.newHttpClient();

  /** What it has been given and must not print. */
  private final Set<String> secrets = ConcurrentHashMap.newKeySet();

  private TaskportProcess(Process process, Map<String, String> variables) {
    this.process = process;
    variables.forEach(this::keepSecret);
    reader = new Thread(this::read, "output of " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts a process in this folder; it listens on a free port unless a variable says otherwise.
   */
  public static TaskportProcess start(
      Path workingDirectory, Map<String, String> variables, String... arguments) {
    return start(List.of(), workingDirectory, variables, arguments);
  }

  /**
   * @param prefix a command to put in front, which ends in {@code exec}
   */
  static TaskportProcess start(
      List<String> prefix,
      Path workingDirectory,
      Map<String, String> variables,
      String... arguments) {
    List<String> command =
        Stream.of(prefix, COMMAND, List.of(arguments)).flatMap(List::stream).toList();
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(workingDirectory.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeAll(
            List.of(
                "DATABASE_URL",
                "DIRECT_URL",
                "LOG_LEVEL",
                "HOST",
                "BETTER_AUTH_SECRET",
                "BETTER_AUTH_URL",
                "JWT_SECRET",
                "JWKS_URL"));
    builder.environment().put("PORT", "0");
    // The most talkative, so that whatever it might print in a test is seen by those of its output.
    builder.environment().put("LOG_LEVEL", "TRACE");
    builder.environment().putAll(variables);
    try {
      return new TaskportProcess(builder.start(), variables);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a process and waits until it listens. */
  public static TaskportProcess running(Path workingDirectory, Map<String, String> variables) {
    TaskportProcess started = start(workingDirectory, variables);
    started.awaitListening();
    return started;
  }

  private void keepSecret(String variable, String value) {
    if (variable.endsWith("SECRET") || variable.startsWith("ISOLATION_TOKEN")) {
      secrets.add(value);
    }
    PASSWORD
        .matcher(value)
        .results()
        .map(password -> password.group(1) == null ? password.group(2) : password.group(1))
        .forEach(secrets::add);
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        add(line);
        echo(line);
        Matcher matcher = LISTENING.matcher(line);
        if (matcher.find()) {
          listening.complete(URI.create(matcher.group(1)));
        }
      }
    } catch (IOException e) {
      add("(the output broke off: " + e + ")");
    }
    listening.completeExceptionally(new IllegalStateException("It ended before it listened"));
  }

  private void add(String line) {
    synchronized (output) {
      output.add(line);
      output.notifyAll();
    }
  }

  /** Into the output of the tests, which NoSecretInTheOutput reads. */
  @SuppressWarnings("SystemOut")
  private void echo(String line) {
    System.out.println("[" + process.pid() + "] " + line);
  }

  public URI awaitListening() {
    try {
      return listening.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("It does not listen; it said:\n" + output(), e);
    }
  }

  /** Waits until it has printed this text. */
  public void awaitOutput(String text) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    synchronized (output) {
      while (!output().contains(text)) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          throw new AssertionError("It does not say '" + text + "', but:\n" + output());
        }
        try {
          output.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new AssertionError("Interrupted", e);
        }
      }
    }
  }

  /** Waits for the process to end by itself, and gives its exit code. */
  public int awaitEnd() {
    try {
      if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("It does not end; it said:\n" + output());
      }
      reader.join();
      if (secrets.stream().anyMatch(output()::contains)) {
        throw new AssertionError("It has printed a secret that it was given");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }

  /** SIGTERM. */
  public void terminate() {
    handle().destroy(); // Process.destroy() would close the output, too
  }

  /** SIGKILL. */
  public void kill() {
    handle().destroyForcibly();
    awaitEnd();
  }

  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** All that it has printed so far. */
  public String output() {
    return String.join("\n", output);
  }

  /** Waits until the service is healthy, or is not. */
  public void awaitHealth(int status) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (send("GET", "/health", null).statusCode() != status) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Its health is not " + status + "; it said:\n" + output());
      }
    }
  }

  HttpResponse<String> send(String method, String path, @Nullable String body, String... headers) {
    try {
      return client.send(
          request(method, path, body, headers), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }

  CompletableFuture<HttpResponse<String>> sendAsync(
      String method, String path, @Nullable String body) {
    return client.sendAsync(request(method, path, body), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(
      String method, String path, @Nullable String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(awaitListening().resolve(path))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      if (headers[i].equals("Authorization")) {
        secrets.add(headers[i + 1]);
      }
      request.header(headers[i], headers[i + 1]);
    }
    return request.build();
  }

  /** Ends the process in order. */
  @Override
  public void close() {
    terminate();
    awaitEnd();
  }
}
