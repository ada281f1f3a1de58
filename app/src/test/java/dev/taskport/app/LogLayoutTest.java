package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of the log, however hostile the text in them. */
class LogLayoutTest {
  private static final String FORGED = "2026-11-21T10:00:00.000Z ERROR Taskport - forged";

  private static String record(String message, @Nullable Throwable thrown) {
    LoggingEvent event =
        new LoggingEvent(
            "x",
            new LoggerContext().getLogger("dev.taskport.app.Taskport"),
            Level.INFO,
            message,
            thrown,
            null);
    event.setInstant(Instant.parse("2026-11-21T09:47:36.273280Z"));
    return new LogLayout().doLayout(event);
  }

  @Test
  void aRecordIsALineOfTimeLevelLoggerAndMessage() {
    assertEquals("2026-11-21T09:47:36.273Z INFO  Taskport - Füße 🦶\n", record("Füße 🦶", null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n", "\r", "\r\n", "\n\n\t", "\u000b", "\f", "\u0085", "\u2028", "\u2029", "\0", "\u0007",
        "\b", "\u001b", "\u009b", "\u007f", "\u202e", "\u200f", "\u2066", "\ufeff", "\ud800"
      })
  void noCharacterOfAMessageBeginsALineOrMovesTheCursor(String character) {
    assertEquals(
        "2026-11-21T09:47:36.273Z INFO  Taskport - a " + FORGED + "\n",
        record("a" + character + FORGED, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\r\n", "\u000b", "\f", "\u0085", "\u2028", "\u2029"})
  void everyLineOfAnExceptionIsIndentedWhateverItsMessagesSay(String lineBreak) {
    RuntimeException suppressed = new IllegalStateException("s" + lineBreak + FORGED);
    RuntimeException cause = new IllegalStateException("c" + lineBreak + FORGED);
    RuntimeException thrown = new IllegalStateException("t" + lineBreak + FORGED, cause);
    thrown.addSuppressed(suppressed);

    List<String> lines =
        List.of(record("Failed", thrown).split("[\r\n\u000b\f\u0085\u2028\u2029]"));

    assertEquals("2026-11-21T09:47:36.273Z INFO  Taskport - Failed", lines.get(0));
    assertTrue(lines.stream().skip(1).allMatch(line -> line.startsWith("\t")), lines.toString());
    assertEquals(3, lines.stream().filter(line -> line.contains(FORGED)).count());
    assertTrue(lines.stream().anyMatch(line -> line.matches("\t at .*LogLayoutTest.*")));
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("\tCaused by: ")));
  }

  @Test
  void anExceptionCanNotEscapeToTheTerminal() {
    assertEquals(-1, record("a", new IllegalStateException("\u001b[2J\u202e")).indexOf('\u001b'));
    assertEquals(-1, record("a", new IllegalStateException("\u001b[2J\u202e")).indexOf('\u202e'));
  }
}
