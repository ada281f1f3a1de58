package dev.taskport.adapter.rest.list;

import dev.taskport.adapter.rest.json.Timestamps;
import dev.taskport.adapter.rest.query.OpaqueText;
import dev.taskport.domain.DueDate;
import dev.taskport.domain.InvalidValueException;
import dev.taskport.domain.Position;
import dev.taskport.domain.Priority;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.UserId;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A position in a list, encoded for clients: the task's id, and the task's sort value (microseconds
 * since 1970, for a due date with a byte that is 0 for a date and 1 for a time; nothing for none; a
 * title's sort key or a priority in UTF-8). It is bound to the user, the filter and the order.
 */
final class Cursor {
  private static final byte VERSION = 1;

  private Cursor() {}

  /** Encodes a position in the list of this user, filter and order. */
  static String of(Position position, UserId user, TaskFilter filter, TaskOrder order) {
    byte[] key = key(position);
    UUID id = position.id().value();
    ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES + key.length);
    bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).put(key);
    return OpaqueText.of(VERSION, bytes.array(), parts(user, filter, order));
  }

  /**
   * Decodes a cursor of the list of this user, filter and order.
   *
   * @throws InvalidValueException when the cursor is invalid, or belongs to a different list
   */
  static Position parse(String text, UserId user, TaskFilter filter, TaskOrder order) {
    ByteBuffer bytes = OpaqueText.read(text, VERSION, parts(user, filter, order));
    Position position =
        bytes == null || bytes.remaining() < 2 * Long.BYTES ? null : position(bytes, order);
    if (position == null) {
      throw new InvalidValueException(
          "The cursor is damaged, or of a list with another user, filter or order; keep these as"
              + " they were, or start again without a cursor");
    }
    return position;
  }

  private static byte[] key(Position position) {
    return position.match(
        byCreatedAt -> key(byCreatedAt.time()),
        byUpdatedAt -> key(byUpdatedAt.time()),
        byTitle -> byTitle.sortKey().getBytes(StandardCharsets.UTF_8),
        byDueDate -> key(byDueDate.dueDate()),
        byPriority -> byPriority.priority().value().getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] key(@Nullable DueDate dueDate) {
    return dueDate == null
        ? new byte[0]
        : ByteBuffer.allocate(Long.BYTES + 1)
            .putLong(Timestamps.micros(dueDate.instant()))
            .put((byte) (dueDate.isDate() ? 0 : 1))
            .array();
  }

  private static byte[] key(Instant time) {
    return ByteBuffer.allocate(Long.BYTES).putLong(Timestamps.micros(time)).array();
  }

  private static @Nullable Position position(ByteBuffer bytes, TaskOrder order) {
    TaskId id = new TaskId(new UUID(bytes.getLong(), bytes.getLong()));
    return switch (order.key()) {
      case CREATED_AT -> {
        Instant time = time(bytes);
        yield time == null ? null : new Position.ByCreatedAt(time, id);
      }
      case UPDATED_AT -> {
        Instant time = time(bytes);
        yield time == null ? null : new Position.ByUpdatedAt(time, id);
      }
      case TITLE -> {
        String key = text(bytes);
        yield key == null ? null : new Position.ByTitle(key, id);
      }
      case DUE_DATE -> {
        if (!bytes.hasRemaining()) {
          yield new Position.ByDueDate(null, id);
        }
        DueDate dueDate = dueDate(bytes);
        yield dueDate == null ? null : new Position.ByDueDate(dueDate, id);
      }
      case PRIORITY -> {
        String name = text(bytes);
        yield Stream.of(Priority.values())
            .filter(priority -> priority.value().equals(name))
            .findFirst()
            .map(priority -> new Position.ByPriority(priority, id))
            .orElse(null);
      }
    };
  }

  private static @Nullable Instant time(ByteBuffer micros) {
    if (micros.remaining() != Long.BYTES) {
      return null;
    }
    Instant time = Timestamps.ofMicros(micros.getLong());
    return Timestamps.isOfTasks(time) ? time : null;
  }

  private static @Nullable DueDate dueDate(ByteBuffer bytes) {
    if (bytes.remaining() != Long.BYTES + 1) {
      return null;
    }
    Instant time = Timestamps.ofMicros(bytes.getLong());
    byte kind = bytes.get();
    if (!Timestamps.isOfTasks(time) || kind < 0 || kind > 1) {
      return null;
    }
    DueDate dueDate = DueDate.stored(time, kind == 0);
    return dueDate.instant().equals(time) ? dueDate : null;
  }

  /** Refuses text that no store can hold as a sort key. */
  private static @Nullable String text(ByteBuffer utf8) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
      return text.indexOf(0) < 0 ? text : null;
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** What a cursor is bound to: the list, and whose it is. */
  static List<@Nullable Object> parts(UserId user, TaskFilter filter, TaskOrder order) {
    List<@Nullable Object> parts = new ArrayList<>();
    parts.add(user.value());
    parts.add(order.key().name());
    parts.add(order.direction().name());
    parts.add(filter.completed());
    parts.add(filter.search() == null ? null : filter.search().value());
    parts.add(filter.createdAfter());
    parts.add(filter.createdBefore());
    parts.add(filter.updatedAfter());
    parts.add(filter.updatedBefore());
    // Added only if one of these conditions is set, so that older cursors stay valid.
    List<@Nullable Object> content =
        Arrays.asList(
            filter.priorities().isEmpty() ? null : filter.priorities(),
            filter.tags().values().isEmpty() ? null : filter.tags().joined(),
            filter.dueAfter(),
            filter.dueBefore(),
            filter.withoutDueDate() ? "none" : null);
    if (content.stream().anyMatch(Objects::nonNull)) {
      parts.addAll(content);
    }
    return parts;
  }
}
