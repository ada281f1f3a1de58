package dev.taskport.adapter.rest.list;

import dev.taskport.adapter.rest.json.Timestamps;
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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A position in a list, encoded for clients: base64url of a version, a checksum, the task's id, and
 * the task's sort value (microseconds since 1970, for a due date with a byte that is 0 for a date
 * and 1 for a time; nothing for none; a title's sort key or a priority in UTF-8).
 *
 * <p>The checksum binds a cursor to the user, the filter and the order, so that a cursor of a
 * different list is refused. It protects no secret: a forged cursor only shows tasks that the same
 * user can list anyway.
 */
final class Cursor {
  private static final byte VERSION = 1;
  private static final int CHECKSUM_LENGTH = 10;
  private static final int ID_AT = 1 + CHECKSUM_LENGTH;
  private static final int KEY_AT = ID_AT + 16;

  private static final Pattern BASE64URL = Pattern.compile("[A-Za-z0-9_-]+");

  private Cursor() {}

  /** Encodes a position in the list of this user, filter and order. */
  static String of(Position position, UserId user, TaskFilter filter, TaskOrder order) {
    byte[] key = key(position);
    ByteBuffer bytes = ByteBuffer.allocate(KEY_AT + key.length);
    bytes.put(VERSION);
    bytes.position(ID_AT);
    UUID id = position.id().value();
    bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).put(key);
    bytes.put(1, checksum(bytes.array(), user, filter, order));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /**
   * Decodes a cursor of the list of this user, filter and order.
   *
   * @throws InvalidValueException when the cursor is invalid, or belongs to a different list
   */
  static Position parse(String text, UserId user, TaskFilter filter, TaskOrder order) {
    byte[] bytes = decoded(text);
    if (bytes != null
        && bytes.length >= KEY_AT
        && bytes[0] == VERSION
        && Arrays.equals(
            bytes, 1, ID_AT, checksum(bytes, user, filter, order), 0, CHECKSUM_LENGTH)) {
      Position position = position(ByteBuffer.wrap(bytes), order);
      if (position != null) {
        return position;
      }
    }
    throw new InvalidValueException(
        "The cursor is damaged, or of a list with another user, filter or order; keep these as they"
            + " were, or start again without a cursor");
  }

  /** The decoded bytes; null if {@link #of} can't have written the text. */
  private static byte @Nullable [] decoded(String text) {
    if (text.length() % 4 == 1 || !BASE64URL.matcher(text).matches()) {
      return null;
    }
    byte[] bytes = Base64.getUrlDecoder().decode(text);
    // The last character has unused bits. Refuse a second spelling of the same position.
    String canonical = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    return canonical.equals(text) ? bytes : null;
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
    bytes.position(ID_AT);
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

  private static byte[] checksum(byte[] cursor, UserId user, TaskFilter filter, TaskOrder order) {
    MessageDigest digest = sha256();
    digest.update(cursor, 0, 1);
    digest.update(cursor, ID_AT, cursor.length - ID_AT);
    // Adds the length of each part, so that different parts never give the same bytes.
    for (Object part : parts(user, filter, order)) {
      byte[] text = part == null ? null : part.toString().getBytes(StandardCharsets.UTF_8);
      digest.update(
          ByteBuffer.allocate(Integer.BYTES).putInt(text == null ? -1 : text.length).flip());
      if (text != null) {
        digest.update(text);
      }
    }
    return Arrays.copyOf(digest.digest(), CHECKSUM_LENGTH);
  }

  private static List<@Nullable Object> parts(UserId user, TaskFilter filter, TaskOrder order) {
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

  /** A look-up costs less than an instance per thread. */
  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
