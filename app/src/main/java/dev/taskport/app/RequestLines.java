package dev.taskport.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the lines of requests, by a thread of its own that takes all that wait together. The
 * threads that serve connections never wait for the output: when it stalls, lines are dropped, and
 * their number is logged. Nor do they wake that thread for each line, which would cost more than
 * the line: while there are requests, it looks for lines every few milliseconds. Thread-safe.
 */
final class RequestLines extends UnsynchronizedAppenderBase<ILoggingEvent> {
  private static final int MOST_WAITING = 8192;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** After so many pauses without a line it sleeps until there is one. */
  private static final int QUIET_PAUSES = 100;

  private static final long STOP_MS = 1_000;

  private final Layout<ILoggingEvent> layout;
  private final BlockingQueue<ILoggingEvent> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final AtomicLong dropped = new AtomicLong();
  private final Thread writer = new Thread(this::write, "request-lines");
  private volatile boolean asleep;

  RequestLines(Layout<ILoggingEvent> layout) {
    this.layout = layout;
    writer.setDaemon(true);
  }

  @Override
  public void start() {
    super.start();
    writer.start();
  }

  @Override
  protected void append(ILoggingEvent line) {
    if (!waiting.offer(line)) {
      dropped.incrementAndGet();
    }
    if (asleep) {
      asleep = false;
      LockSupport.unpark(writer);
    }
  }

  private void write() {
    List<ILoggingEvent> lines = new ArrayList<>();
    int quiet = 0;
    while (isStarted() || !waiting.isEmpty()) {
      if (waiting.drainTo(lines) > 0) {
        try {
          print(lines);
        } catch (RuntimeException e) {
          log().error("{} lines of requests could not be written", lines.size(), e);
        }
        lines.clear();
        quiet = 0;
      } else {
        quiet++;
      }
      if (quiet < QUIET_PAUSES) {
        LockSupport.parkNanos(this, PAUSE_NANOS);
      } else {
        sleep();
        quiet = 0;
      }
    }
  }

  private void sleep() {
    asleep = true;
    if (isStarted() && waiting.isEmpty()) {
      LockSupport.park(this);
    }
    asleep = false;
  }

  private void print(List<ILoggingEvent> lines) {
    StringBuilder text = new StringBuilder();
    for (ILoggingEvent line : lines) {
      text.append(layout.doLayout(line));
    }
    byte[] bytes = text.toString().getBytes(UTF_8);
    System.out.write(bytes, 0, bytes.length);
    System.out.flush();
    long lost = dropped.getAndSet(0);
    if (lost > 0) {
      log().warn("The output was too slow: {} lines of requests were dropped", lost);
    }
  }

  /** Not kept: this is made while loggers are set up. */
  private static Logger log() {
    return LoggerFactory.getLogger(RequestLines.class);
  }

  /** Writes what waits, if the output takes it within a second. */
  @Override
  public void stop() {
    super.stop();
    LockSupport.unpark(writer);
    try {
      writer.join(STOP_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
