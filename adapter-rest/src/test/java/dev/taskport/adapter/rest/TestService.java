package dev.taskport.adapter.rest;

import dev.taskport.adapter.rest.http.RestProperties;
import dev.taskport.adapter.rest.operation.Connections;
import dev.taskport.adapter.rest.operation.Draining;
import dev.taskport.adapter.rest.token.TokenSettings;
import dev.taskport.application.CompleteTask;
import dev.taskport.application.CountTasks;
import dev.taskport.application.CreateTask;
import dev.taskport.application.DeleteTask;
import dev.taskport.application.DeleteTaskPermanently;
import dev.taskport.application.FindMark;
import dev.taskport.application.GetTask;
import dev.taskport.application.GetTaskPage;
import dev.taskport.application.ListDeletedTasks;
import dev.taskport.application.ListTasks;
import dev.taskport.application.ReadChanges;
import dev.taskport.application.RestoreTask;
import dev.taskport.application.SummarizeTasks;
import dev.taskport.application.UpdateTask;
import dev.taskport.application.WatchChanges;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.async.AsyncTaskRepository;
import dev.taskport.domain.async.ThreadedTaskRepository;
import dev.taskport.domain.changelog.LogMarks;
import dev.taskport.domain.changelog.TaskChangeLog;
import dev.taskport.domain.changelog.TaskTrash;
import dev.taskport.testkit.InMemoryTaskRepository;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.RuntimeBeanDefinition;
import io.micronaut.core.propagation.PropagatedContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The REST adapter as it runs: a real server, real use cases, a store in memory. The clock stands
 * at {@link #NOW} until it is moved, and ids count up.
 */
public final class TestService implements AutoCloseable {
  public static final Instant NOW = Instant.parse("2026-11-21T09:47:36.273280Z");
  public static final String JSON = "application/json";

  private final AtomicLong microseconds = new AtomicLong();
  private final AtomicLong ids = new AtomicLong();
  private final EmbeddedServer server;
  private static final Executor THREADS =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "store");
            thread.setDaemon(true);
            return thread;
          });

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public TestService() {
    this(new InMemoryTaskRepository(), Map.of());
  }

  /**
   * With other parts: beans that the context gets besides. Without token settings it is open. With
   * a {@link TestTls}, its certificate is used where the properties ask for TLS. An {@link
   * AsyncTaskRepository} takes the place of one that calls the store on threads.
   */
  public <S extends TaskRepository & TaskChangeLog & TaskTrash & LogMarks> TestService(
      S store, Map<String, Object> properties, Object... beans) {
    Clock clock = new SteppingClock();
    AsyncTaskRepository async =
        Arrays.stream(beans)
            .filter(AsyncTaskRepository.class::isInstance)
            .map(AsyncTaskRepository.class::cast)
            .findFirst()
            .orElseGet(
                () ->
                    new ThreadedTaskRepository(
                        call -> THREADS.execute(PropagatedContext.wrapCurrent(call)),
                        store,
                        store));
    boolean tokens = Arrays.stream(beans).anyMatch(TokenSettings.class::isInstance);
    ApplicationContext context =
        ApplicationContext.builder()
            .properties(Map.of("micronaut.server.port", -1, "micronaut.server.host", "127.0.0.1"))
            .properties(RestProperties.of(List.of("http://localhost:3000")))
            .properties(tokens ? Map.of() : RestProperties.withoutAuthentication(List.of("a")))
            .properties(properties)
            .beanDefinitions(certificates(beans))
            .banner(false)
            .singletons(
                clock,
                new CreateTask(
                    async,
                    () ->
                        new UUID(0x0199000000007000L, 0x8000000000000000L + ids.incrementAndGet()),
                    clock),
                new ListTasks(store),
                new CountTasks(store),
                new SummarizeTasks(store),
                new GetTask(async),
                new GetTaskPage(async),
                new UpdateTask(async, clock),
                new CompleteTask(async, clock),
                new DeleteTask(async),
                new DeleteTaskPermanently(store),
                new RestoreTask(store, clock),
                new ListDeletedTasks(store),
                new FindMark(store),
                new ReadChanges(store),
                new WatchChanges(store))
            .singletons(Arrays.stream(beans).filter(bean -> !(bean instanceof TestTls)).toArray())
            .start();
    server = context.getBean(EmbeddedServer.class).start();
  }

  private static RuntimeBeanDefinition<?>[] certificates(Object... beans) {
    return Arrays.stream(beans)
        .filter(TestTls.class::isInstance)
        .map(TestTls.class::cast)
        .map(tls -> RuntimeBeanDefinition.builder(tls).named(tls.getName()).build())
        .toArray(RuntimeBeanDefinition<?>[]::new);
  }

  /** Sends a request; the body, if any, as JSON unless a header says otherwise. */
  public HttpResponse<String> send(
      String method, String path, @Nullable String body, String... headers) {
    return send(method, path, body == null ? null : body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** Sends a request; the body, if any, as JSON unless a header says otherwise. */
  public HttpResponse<String> send(
      String method, String path, byte @Nullable [] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .timeout(Duration.ofSeconds(20))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    if (body != null) {
      request.setHeader("Content-Type", JSON);
    }
    for (int i = 0; i < headers.length; i += 2) {
      if (headers[i].equals("Content-Type")) {
        request.setHeader(headers[i], headers[i + 1]);
      } else {
        request.header(headers[i], headers[i + 1]);
      }
    }
    return send(request.build());
  }

  public HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }

  public HttpResponse<byte[]> bytes(String path, String... headers) {
    try {
      return client.send(
          HttpRequest.newBuilder(uri(path)).headers(headers).build(),
          HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }

  public HttpResponse<String> get(String path, String... headers) {
    return send("GET", path, (byte[]) null, headers);
  }

  /** Sends a request without a body. */
  public HttpResponse<String> bare(String method, String path, String... headers) {
    return send(method, path, (byte[]) null, headers);
  }

  /** Creates a task of this title and gives its path. */
  public String create(String user, String title) {
    HttpResponse<String> answer =
        send("POST", "/api/" + user + "/tasks", "{\"title\":\"" + title + "\"}");
    return answer.headers().firstValue("Location").orElseThrow();
  }

  /** Sends bytes that no client would send, and gives all answers until the server hangs up. */
  public List<RawAnswer> raw(String request) throws IOException {
    return RawAnswer.all(text(request).getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends bytes and gives all that come back, one character for each. */
  public String text(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  /** A request line and headers as they go over the wire, up to the body. */
  public static String head(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  /** A connection that no read waits on for longer than ten seconds. */
  public Socket connect() throws IOException {
    Socket socket = new Socket(server.getHost(), server.getPort());
    socket.setSoTimeout(10_000);
    return socket;
  }

  public URI uri(String path) {
    return URI.create(server.getURI() + path);
  }

  public Instant now() {
    return NOW.plusNanos(microseconds.get() * 1000);
  }

  public <T> T bean(Class<T> type) {
    return server.getApplicationContext().getBean(type);
  }

  public void tick() {
    microseconds.incrementAndGet();
  }

  /** Stops as the whole service does; requests under way may take this long. */
  public void stop(Duration grace) {
    try {
      bean(Draining.class).begin();
      var unused = bean(Connections.class).close(grace);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
    close();
  }

  @Override
  public void close() {
    server.getApplicationContext().close();
  }

  private final class SteppingClock extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now();
    }
  }
}
