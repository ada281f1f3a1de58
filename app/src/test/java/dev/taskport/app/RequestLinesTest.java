package dev.taskport.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** How the lines of requests reach the output. */
@Timeout(60)
@ResourceLock(Resources.SYSTEM_OUT)
class RequestLinesTest {
  private final LoggerContext context = new LoggerContext();
  private final PrintStream before = System.out;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final RequestLines lines = new RequestLines(new LogLayout());

  @AfterEach
  void restore() {
    System.setOut(before);
    lines.stop();
  }

  private void writeTo(OutputStream output) {
    System.setOut(new PrintStream(output, false, UTF_8));
    lines.setContext(context);
    lines.start();
  }

  private void append(String text) {
    LoggingEvent line =
        new LoggingEvent("x", context.getLogger("access"), Level.INFO, text, null, null);
    line.setMDCPropertyMap(Map.of());
    lines.doAppend(line);
  }

  private String texts() {
    System.out.flush();
    return written
        .toString(UTF_8)
        .lines()
        .filter(line -> line.contains("access - "))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .collect(joining(" "));
  }

  @Test
  void aLineIsWrittenSoonEvenAfterAPauseWithoutAny() throws Exception {
    CountDownLatch seen = new CountDownLatch(2);
    writeTo(
        new OutputStream() {
          @Override
          public void write(int b) {
            if (b == '\n') {
              seen.countDown();
            }
          }
        });
    append("a");
    while (seen.getCount() == 2 || !isAsleep()) {
      Thread.onSpinWait();
    }

    append("b");

    assertTrue(seen.await(10, TimeUnit.SECONDS));
  }

  /** Whether the writer waits for a line, not for a time. */
  private static boolean isAsleep() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("request-lines"))
        .anyMatch(thread -> thread.getState() == Thread.State.WAITING);
  }

  @Test
  void whatWaitsIsWrittenInItsOrderBeforeTheEnd() {
    writeTo(written);
    IntStream.range(0, 1_000).forEach(i -> append("line-" + i));

    lines.stop();

    assertEquals(
        IntStream.range(0, 1_000).mapToObj(i -> "line-" + i).collect(joining(" ")), texts());
  }

  @Test
  void whoAppendsDoesNotWaitForAnOutputThatStalls() throws Exception {
    CountDownLatch stalled = new CountDownLatch(1);
    CountDownLatch goesOn = new CountDownLatch(1);
    writeTo(
        new OutputStream() {
          @Override
          public void write(int b) {
            written.write(b);
          }

          @Override
          public void write(byte[] bytes, int from, int length) {
            stalled.countDown();
            try {
              goesOn.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            written.write(bytes, from, length);
          }
        });
    append("first");
    stalled.await();

    IntStream.range(0, 10_000).forEach(i -> append("line-" + i));
    goesOn.countDown();
    lines.stop();

    String texts = texts();
    assertTrue(texts.startsWith("first line-0 line-1 "), texts);
    assertTrue(texts.endsWith(" line-8191"), texts);
  }
}
