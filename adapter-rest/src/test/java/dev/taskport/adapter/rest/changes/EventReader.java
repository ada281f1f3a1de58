package dev.taskport.adapter.rest.changes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.rest.TestService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of a stream that reads on a thread of its own, line by line, as the standard says. */
final class EventReader implements AutoCloseable {
  private static final int DEADLINE_SECONDS = 20;
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** An event; a comment has the type {@code comment}, and the end of the stream {@code end}. */
  record Event(String id, String type, String data) {}

  final HttpResponse<InputStream> answer;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private String lastId = "";

  private EventReader(HttpResponse<InputStream> answer) {
    this.answer = answer;
    Thread reader = new Thread(this::read, "event reader");
    reader.setDaemon(true);
    reader.start();
  }

  static EventReader open(TestService service, String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(service.uri(path));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      HttpResponse<InputStream> answer =
          CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      assertEquals(200, answer.statusCode());
      return new EventReader(answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }

  private void read() {
    String id = "";
    String type = "";
    StringBuilder data = new StringBuilder();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(":")) {
          events.add(new Event(id, "comment", ""));
        } else if (line.startsWith("id")) {
          id = line.length() > 4 ? line.substring(4) : "";
        } else if (line.startsWith("event: ")) {
          type = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data.append(line.substring(6));
        } else if (line.isEmpty() && data.length() > 0) {
          events.add(new Event(id, type, data.toString()));
          data.setLength(0);
        }
      }
      events.add(new Event(id, "end", ""));
    } catch (IOException e) {
      events.add(new Event(id, "break", String.valueOf(e)));
    }
  }

  /** The next event of this stream, comments left out. */
  Event next() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    Event event = nextOrComment();
    while (event.type().equals("comment")) {
      assertTrue(System.nanoTime() < deadline, "Nothing but comments");
      event = nextOrComment();
    }
    return event;
  }

  Event nextOrComment() {
    try {
      Event event = events.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
      assertNotNull(event, "No event within " + DEADLINE_SECONDS + " seconds");
      lastId = event.id();
      return event;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }

  List<Event> next(int count) {
    List<Event> next = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      next.add(next());
    }
    return next;
  }

  /** The events up to the first comment, which says that there are no more for now. */
  List<Event> untilComment() {
    List<Event> all = new ArrayList<>();
    for (Event event = nextOrComment(); !event.type().equals("comment"); event = nextOrComment()) {
      all.add(event);
    }
    return all;
  }

  /** The id of the event that was taken last. */
  String lastId() {
    return lastId;
  }

  @Override
  public void close() {
    try {
      answer.body().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
