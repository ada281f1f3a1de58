package dev.taskport.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.KeyValuePair;

/** Records of the log, however hostile the text in them. */
class LogLayoutTest {
  private static final String FORGED = "2026-11-21T10:00:00.000Z ERROR Taskport - forged";

  private static String record(String message, @Nullable Throwable thrown) {
    return new LogLayout().doLayout(event(message, thrown, Map.of()));
  }

  private static LoggingEvent event(
      String message, @Nullable Throwable thrown, Map<String, String> context) {
    LoggingEvent event =
        new LoggingEvent(
            "x",
            new LoggerContext().getLogger("dev.taskport.app.Taskport"),
            Level.INFO,
            message,
            thrown,
            null);
    event.setInstant(Instant.parse("2026-11-21T09:47:36.273280Z"));
    event.setMDCPropertyMap(context);
    return event;
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

  private static LoggingEvent request(String message) {
    LoggingEvent event = event(message, null, Map.of("request_id", "id-7"));
    event.addKeyValuePair(new KeyValuePair("route", "/api/{user_id}/tasks"));
    event.addKeyValuePair(new KeyValuePair("status", 200));
    return event;
  }

  @Test
  void pairsAndTheRequestsIdFollowTheMessage() {
    assertEquals(
        "2026-11-21T09:47:36.273Z INFO  Taskport - Done route=/api/{user_id}/tasks status=200"
            + " request_id=id-7\n",
        new LogLayout().doLayout(request("Done")));
    assertEquals(
        "2026-11-21T09:47:36.273Z INFO  Taskport - route=/api/{user_id}/tasks status=200"
            + " request_id=id-7\n",
        new LogLayout().doLayout(request("")));
    assertEquals(
        "2026-11-21T09:47:36.273Z INFO  Taskport - Request id-7 route=/api/{user_id}/tasks"
            + " status=200\n",
        new LogLayout().doLayout(request("Request id-7")));
  }

  @Test
  void asJsonARecordIsOneObjectInOneLine() {
    LogLayout.setFormat(Settings.LogFormat.JSON);
    try {
      assertEquals(
          "{\"time\":\"2026-11-21T09:47:36.273Z\",\"level\":\"INFO\",\"logger\":\"Taskport\","
              + "\"message\":\"\\\"Füße\\\" 🦶 \\\\\\n\\t\\u001b\\u2028\\u202e\\ud800\","
              + "\"route\":\"/api/{user_id}/tasks\",\"status\":200,\"request_id\":\"id-7\"}\n",
          new LogLayout().doLayout(request("\"Füße\" 🦶 \\\n\t\u001b\u2028\u202e\ud800")));
      String thrown = record("Failed", new IllegalStateException("a\r\n" + FORGED));
      assertEquals(1, thrown.lines().count());
      assertTrue(
          thrown.contains("\"exception\":\"java.lang.IllegalStateException: a\\u000d\\n" + FORGED),
          thrown);
    } finally {
      LogLayout.setFormat(Settings.LogFormat.PLAIN);
    }
  }
}
