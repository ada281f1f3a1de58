package dev.taskport.adapter.rest.changes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.adapter.rest.query.OpaqueText;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.SyncPoint;
import dev.taskport.fuzz.ParserFuzzContract;
import java.util.List;

/** Any text as a sync token, and any bytes in one whose checksum is right. */
class SyncTokenFuzzTest implements ParserFuzzContract {
  private static final UserId USER = UserId.parse("user123");

  @Override
  public List<String> seeds() {
    return List.of(
        "",
        "AQ",
        "\0".repeat(24),
        "\0".repeat(40),
        // An id with a number that has none.
        "\0".repeat(15) + "\1" + "\0".repeat(7) + "\1" + "\0".repeat(16),
        "\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\3");
  }

  @Override
  public void parse(byte[] input) {
    parse(new String(input, UTF_8));
    parse(OpaqueText.of((byte) 1, input, List.of("changes", USER.value())));
  }

  private static void parse(String text) {
    SyncPoint point = SyncToken.parse(text, USER);
    if (point != null) {
      assertEquals(text, SyncToken.of(point, USER));
    }
  }
}
