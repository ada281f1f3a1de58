package dev.taskport.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Locale;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskIdTest {
  private static final String CANONICAL = "01890a5d-ac96-774b-bcce-b302099a8057";

  @Test
  void theCanonicalFormIsReadInEitherCaseAndWrittenInLowerCase() {
    TaskId id = TaskId.parse(CANONICAL);

    assertEquals(new TaskId(UUID.fromString(CANONICAL)), id);
    assertEquals(id, TaskId.parse(CANONICAL.toUpperCase(Locale.ROOT)));
    assertEquals(CANONICAL, TaskId.parse(CANONICAL.toUpperCase(Locale.ROOT)).toString());
  }

  @Test
  void anyBitsWillDoTheNilUuidToo() {
    assertEquals(new TaskId(new UUID(0, 0)), TaskId.parse("00000000-0000-0000-0000-000000000000"));
    assertEquals(
        new TaskId(new UUID(-1, -1)), TaskId.parse("ffffffff-ffff-ffff-ffff-ffffffffffff"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1-1-1-1-1",
        "01890a5dac96774bbcceb302099a8057",
        "{01890a5d-ac96-774b-bcce-b302099a8057}",
        "urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057",
        " 01890a5d-ac96-774b-bcce-b302099a8057",
        "01890a5d-ac96-774b-bcce-b302099a8057\n",
        "01890a5d-ac96-774b-bcce-b302099a805",
        "01890a5d-ac96-774b-bcce-b302099a80570",
        "01890a5d-ac96-774b-bcceb-302099a8057",
        "01890a5g-ac96-774b-bcce-b302099a8057",
        "-1890a5d-ac96-774b-bcce-b302099a8057",
        "01890a5d\u2010ac96\u2010774b\u2010bcce\u2010b302099a8057",
        "\uFF10\uFF11890a5d-ac96-774b-bcce-b302099a8057",
        "\u0660\u0661890a5d-ac96-774b-bcce-b302099a8057"
      })
  void nothingButTheCanonicalFormIsAccepted(String text) {
    InvalidValueException refusal =
        assertThrows(InvalidValueException.class, () -> TaskId.parse(text));
    assertEquals("A task id is a UUID such as " + CANONICAL, refusal.getMessage());
  }

  @Property
  void everyIdIsReadBackFromItsText(@ForAll long high, @ForAll long low) {
    TaskId id = new TaskId(new UUID(high, low));
    assertEquals(id, TaskId.parse(id.toString()));
  }

  /** PostgreSQL compares UUIDs byte by byte, and so does the comparison of their texts. */
  @Property
  void theOrderIsThatOfTheTexts(
      @ForAll long high, @ForAll long low, @ForAll long otherHigh, @ForAll long otherLow) {
    TaskId one = new TaskId(new UUID(high, low));
    for (TaskId other :
        new TaskId[] {
          new TaskId(new UUID(otherHigh, otherLow)), new TaskId(new UUID(high, otherLow))
        }) {
      int expected = Integer.signum(one.toString().compareTo(other.toString()));
      assertEquals(expected, Integer.signum(one.compareTo(other)));
      assertEquals(-expected, Integer.signum(other.compareTo(one)));
    }
  }
}
