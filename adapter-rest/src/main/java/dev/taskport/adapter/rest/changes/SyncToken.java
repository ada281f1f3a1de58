package dev.taskport.adapter.rest.changes;

import dev.taskport.adapter.rest.json.Timestamps;
import dev.taskport.adapter.rest.query.OpaqueText;
import dev.taskport.domain.InvalidValueException;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.SyncPoint;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A point in a user's change log, encoded for clients: when the log was started (microseconds since
 * 1970), the number, the base, and the task's id if there is one. It is bound to the user.
 */
final class SyncToken {
  private static final byte VERSION = 1;
  private static final int WITHOUT_ID = 3 * Long.BYTES;
  private static final int WITH_ID = 5 * Long.BYTES;

  private SyncToken() {}

  static String of(SyncPoint point, UserId user) {
    TaskId id = point.id();
    ByteBuffer bytes = ByteBuffer.allocate(id == null ? WITHOUT_ID : WITH_ID);
    bytes.putLong(Timestamps.micros(point.started()));
    bytes.putLong(point.number()).putLong(point.base());
    if (id != null) {
      bytes.putLong(id.value().getMostSignificantBits());
      bytes.putLong(id.value().getLeastSignificantBits());
    }
    return OpaqueText.of(VERSION, bytes.array(), boundTo(user));
  }

  /**
   * Decodes a token of this user.
   *
   * @param name the parameter that holds it, for the message
   * @throws InvalidValueException when this user was not given such a token
   */
  static SyncPoint parse(String name, String text, UserId user) {
    SyncPoint point = parse(text, user);
    if (point == null) {
      throw new InvalidValueException(
          name
              + " is damaged, or of another user; send a token as it came, or start again without");
    }
    return point;
  }

  /** The point; null when this user was not given such a token. */
  static @Nullable SyncPoint parse(String text, UserId user) {
    ByteBuffer bytes = OpaqueText.read(text, VERSION, boundTo(user));
    if (bytes == null || (bytes.remaining() != WITHOUT_ID && bytes.remaining() != WITH_ID)) {
      return null;
    }
    Instant started = Timestamps.ofMicros(bytes.getLong());
    long number = bytes.getLong();
    long base = bytes.getLong();
    TaskId id =
        bytes.hasRemaining() ? new TaskId(new UUID(bytes.getLong(), bytes.getLong())) : null;
    boolean possible =
        Timestamps.isOfTasks(started)
            && number >= -1
            && base >= Math.max(number, 0)
            && (id == null || number == 0);
    return possible ? new SyncPoint(started, number, id, base) : null;
  }

  private static List<String> boundTo(UserId user) {
    return List.of("changes", user.value());
  }
}
