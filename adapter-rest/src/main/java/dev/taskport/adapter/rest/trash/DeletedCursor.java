package dev.taskport.adapter.rest.trash;

import dev.taskport.adapter.rest.query.OpaqueText;
import dev.taskport.domain.InvalidValueException;
import dev.taskport.domain.UserId;
import java.nio.ByteBuffer;
import java.util.List;

/** The end of a page of deleted tasks: the number of a deletion, bound to the user. */
final class DeletedCursor {
  private static final byte VERSION = 1;

  private DeletedCursor() {}

  static String of(long number, UserId user) {
    byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    return OpaqueText.of(VERSION, bytes, boundTo(user));
  }

  /**
   * The number of the deletion after which the next page begins.
   *
   * @throws InvalidValueException when this user was not given such a cursor
   */
  static long parse(String text, UserId user) {
    ByteBuffer bytes = OpaqueText.read(text, VERSION, boundTo(user));
    if (bytes == null || bytes.remaining() != Long.BYTES) {
      throw new InvalidValueException(
          "after is damaged, or of another user; follow the Link header, or start again without it");
    }
    return bytes.getLong();
  }

  private static List<String> boundTo(UserId user) {
    return List.of("deleted", user.value());
  }
}
