package dev.taskport.adapter.rest.list;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.adapter.rest.query.OpaqueText;
import dev.taskport.domain.InvalidValueException;
import dev.taskport.domain.Position;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskOrder;
import dev.taskport.domain.UserId;
import dev.taskport.fuzz.ParserFuzzContract;
import java.util.List;

/** Any text as a cursor, and any bytes in one whose checksum is right. */
class CursorFuzzTest implements ParserFuzzContract {
  private static final UserId USER = UserId.parse("user123");

  @Override
  public List<String> seeds() {
    return List.of(
        "",
        "AQ",
        "0123456789abcdef",
        "0123456789abcdef\0\0\0\0\0\0\0\1",
        "0123456789abcdefhigh",
        "0123456789abcdef\0\0\0\0\0\0\0\0\1",
        "0123456789abcdefA title");
  }

  @Override
  public void parse(byte[] input) {
    for (TaskOrder.Key key : TaskOrder.Key.values()) {
      for (TaskOrder.Direction direction : TaskOrder.Direction.values()) {
        TaskOrder order = new TaskOrder(key, direction);
        parse(new String(input, UTF_8), order);
        parse(OpaqueText.of((byte) 1, input, Cursor.parts(USER, TaskFilter.ALL, order)), order);
      }
    }
  }

  private static void parse(String text, TaskOrder order) {
    try {
      Position position = Cursor.parse(text, USER, TaskFilter.ALL, order);
      assertEquals(text, Cursor.of(position, USER, TaskFilter.ALL, order));
    } catch (InvalidValueException e) {
      // refused in words
    }
  }
}
