package dev.taskport.app.faults;

import dev.taskport.app.faults.Answer.Shown;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An instance of the service, reached by HTTP. */
final class HttpDoor implements Door {
  private static final Duration PATIENCE = Duration.ofSeconds(6);
  private static final Pattern TASK =
      Pattern.compile("\"id\":\"([^\"]+)\".*\"title\":\"([^\"]+)\".*\"completed\":(true|false)");
  private static final Pattern TAG = Pattern.compile("\"([0-9a-z]+)-([0-9]+)\"");

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final URI base;
  private final String user;
  private final Map<Integer, Integer> statuses = new ConcurrentHashMap<>();
  private final List<Duration> unavailable = new ArrayList<>();
  private final Queue<String> surprises = new ConcurrentLinkedQueue<>();

  /** The first parts of entity tags, by the tasks' ids. */
  private final Map<String, String> tags;

  /**
   * @param tags shared by all doors
   */
  HttpDoor(int port, String user, Map<String, String> tags) {
    base = URI.create("http://127.0.0.1:" + port);
    this.user = user;
    this.tags = tags;
  }

  /** How often each status was answered. */
  Map<Integer, Integer> statuses() {
    return statuses;
  }

  /** How long each 503 took. */
  synchronized List<Duration> unavailable() {
    return List.copyOf(unavailable);
  }

  /** Answers that no fault excuses. */
  Queue<String> surprises() {
    return surprises;
  }

  @Override
  public Optional<Answer> send(Register register, Request request) {
    long start = System.nanoTime();
    HttpResponse<String> response;
    try {
      response = client.send(httpRequest(register, request), HttpResponse.BodyHandlers.ofString());
    } catch (ConnectException | HttpConnectTimeoutException e) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(new Answer.Unknown());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    int status = response.statusCode();
    statuses.merge(status, 1, Integer::sum);
    if (status == 503) {
      if (response.headers().firstValue("Retry-After").isEmpty()) {
        surprises.add("503 without Retry-After");
      }
      note(Duration.ofNanos(System.nanoTime() - start));
      return Optional.of(new Answer.Unknown());
    }
    Optional<Answer> answer = answer(register, request, response);
    if (answer.isEmpty()) {
      surprises.add(request + ": " + status + " " + response.body());
      return Optional.of(new Answer.Unknown());
    }
    return answer;
  }

  private synchronized void note(Duration took) {
    unavailable.add(took);
  }

  private Optional<Answer> answer(
      Register register, Request request, HttpResponse<String> response) {
    Matcher tag = TAG.matcher(response.headers().firstValue("ETag").orElse(""));
    Matcher task = TASK.matcher(response.body());
    return switch (response.statusCode()) {
      case 200, 201 -> {
        if (request instanceof Request.Delete) {
          yield Optional.of(new Answer.Deleted());
        }
        if (!tag.find() || !task.find()) {
          yield Optional.empty();
        }
        if (request instanceof Request.Create) {
          String id = task.group(1);
          if (register.id() != null && !id.equals(register.id())) {
            yield Optional.empty(); // the key has made a second task
          }
          tags.put(id, tag.group(1));
          register.id(id);
        }
        yield Optional.of(
            new Shown(
                task.group(2), Boolean.parseBoolean(task.group(3)), Long.parseLong(tag.group(2))));
      }
      case 404 -> Optional.of(new Answer.Absent());
      case 412 ->
          tag.find()
              ? Optional.of(new Answer.Stale(Long.parseLong(tag.group(2))))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private HttpRequest httpRequest(Register register, Request request) {
    String tasks = "/api/" + user + "/tasks";
    if (request instanceof Request.Create create) {
      return body("POST", tasks, "{\"title\":\"" + create.title() + "\"}")
          .header("Idempotency-Key", register.key())
          .build();
    }
    String id = Objects.requireNonNull(register.id());
    String task = tasks + "/" + id;
    if (request instanceof Request.Get) {
      return request(task).GET().build();
    }
    if (request instanceof Request.EditTitle edit) {
      String body = "{\"title\":\"" + edit.title() + "\"}";
      return conditional(body("PATCH", task, body), id, edit.ifVersion());
    }
    if (request instanceof Request.Toggle toggle) {
      HttpRequest.Builder patch =
          request(task + "/complete").method("PATCH", HttpRequest.BodyPublishers.noBody());
      return conditional(patch, id, toggle.ifVersion());
    }
    if (request instanceof Request.SetCompleted set) {
      String body = "{\"completed\":" + set.completed() + "}";
      return conditional(body("PATCH", task + "/complete", body), id, set.ifVersion());
    }
    if (request instanceof Request.Delete delete) {
      return conditional(request(task).DELETE(), id, delete.ifVersion());
    }
    throw new AssertionError(request);
  }

  private HttpRequest conditional(
      HttpRequest.Builder request, String id, @Nullable Long ifVersion) {
    if (ifVersion != null) {
      request.header("If-Match", "\"" + tags.get(id) + "-" + ifVersion + "\"");
    }
    return request.build();
  }

  private HttpRequest.Builder body(String method, String path, String body) {
    return request(path)
        .header("Content-Type", "application/json")
        .method(method, HttpRequest.BodyPublishers.ofString(body));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE);
  }
}
