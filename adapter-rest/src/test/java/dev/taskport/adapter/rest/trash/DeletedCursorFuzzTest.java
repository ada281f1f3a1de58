package dev.taskport.adapter.rest.trash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.adapter.rest.query.OpaqueText;
import dev.taskport.domain.InvalidValueException;
import dev.taskport.domain.UserId;
import dev.taskport.fuzz.ParserFuzzContract;
import java.util.List;

/** Any text as a place in the list of deleted tasks, and any bytes in one with a good checksum. */
class DeletedCursorFuzzTest implements ParserFuzzContract {
  private static final UserId USER = UserId.parse("user123");

  @Override
  public List<String> seeds() {
    return List.of("", "AQ", "\0\0\0\0\0\0\0\7");
  }

  @Override
  public void parse(byte[] input) {
    parse(new String(input, UTF_8));
    parse(OpaqueText.of((byte) 1, input, List.of("deleted", USER.value())));
  }

  private static void parse(String text) {
    try {
      assertEquals(text, DeletedCursor.of(DeletedCursor.parse(text, USER), USER));
    } catch (InvalidValueException e) {
      // refused in words
    }
  }
}
