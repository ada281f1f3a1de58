package dev.taskport.adapter.rest.changes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.LogEntry;
import dev.taskport.domain.changelog.LogReading;
import dev.taskport.domain.changelog.SyncPoint;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Changes as Server-Sent Events (WHATWG HTML, 9.2).
 *
 * @param bytes the events; empty if there are none. Not to be changed, also not its position: they
 *     are shared
 * @param next where a stream stands that has sent them; null at the beginning
 * @param more whether there are more already
 */
record EventPage(ByteBuffer bytes, @Nullable SyncPoint next, boolean more) {
  /** In bytes. A page ends with the event that exceeds this. */
  private static final int SIZE = 64 * 1024;

  /** Tells the client to drop its copy, and makes the browser forget the last event's id. */
  static final String RESET = "event: reset\nid\ndata: {}\n\n";

  static EventPage of(LogReading reading, UserId user) {
    return reading.match(
        page -> of(page, user),
        startOver -> new EventPage(UTF_8.encode(RESET), null, /* more= */ true));
  }

  private static EventPage of(LogReading.Page page, UserId user) {
    ByteArrayOutputStream events = new ByteArrayOutputStream();
    SyncPoint written = null;
    for (LogEntry entry : page.entries()) {
      if (events.size() > SIZE) {
        return new EventPage(ByteBuffer.wrap(events.toByteArray()), written, /* more= */ true);
      }
      write(entry, user, events);
      written = entry.point();
    }
    return new EventPage(ByteBuffer.wrap(events.toByteArray()), page.next(), page.more());
  }

  private static void write(LogEntry entry, UserId user, ByteArrayOutputStream events) {
    String event = entry.match(stored -> "task", deleted -> "deleted");
    String head = "id: %s\nevent: %s\ndata: ".formatted(SyncToken.of(entry.point(), user), event);
    events.writeBytes(head.getBytes(UTF_8));
    events.writeBytes(ChangesJson.of(entry)); // without a line break
    events.writeBytes("\n\n".getBytes(UTF_8));
  }
}
