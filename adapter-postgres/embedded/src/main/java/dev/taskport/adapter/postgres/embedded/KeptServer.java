package dev.taskport.adapter.postgres.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server that is restarted on the same port if it ends without being stopped. The first restart
 * is immediate; then pauses double from one second to half a minute, until a server has run for a
 * minute. It never gives up, because a full disk may have space again. Thread-safe.
 */
final class KeptServer {

  private static final Logger LOG = LoggerFactory.getLogger(KeptServer.class);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration STAYED_UP = Duration.ofMinutes(1);

  private final Programs tools;
  private final Thread watcher;
  private volatile ServerProcess server;
  private volatile boolean stopping;

  private KeptServer(Programs tools, ServerProcess server) {
    this.tools = tools;
    this.server = server;
    this.watcher = new Thread(this::watch, "taskport-postgres-watcher");
    watcher.setDaemon(true);
  }

  static KeptServer start(Programs tools) throws IOException {
    KeptServer kept = new KeptServer(tools, ServerProcess.start(tools));
    kept.watcher.start();
    return kept;
  }

  int port() {
    return server.port();
  }

  private void watch() {
    Duration pause = Duration.ZERO;
    try {
      while (true) {
        long started = System.nanoTime();
        int code = server.awaitEnd();
        if (stopping) {
          return;
        }
        if (System.nanoTime() - started > STAYED_UP.toNanos()) {
          pause = Duration.ZERO;
        }
        LOG.error(
            "PostgreSQL ended by itself (exit code {}), its log {} may say why; it is started again {}",
            code,
            tools.folder().log().file(),
            when(pause));
        pause = startAgain(pause);
      }
    } catch (InterruptedException e) {
      // Only stop() interrupts.
    }
  }

  /** Restarts the server; returns the pause before the next restart if it soon ends again. */
  private Duration startAgain(Duration firstPause) throws InterruptedException {
    Duration pause = firstPause;
    while (true) {
      TimeUnit.NANOSECONDS.sleep(pause.toNanos());
      pause = longer(pause);
      try {
        int port = server.port();
        OrphanServer.stop(tools); // a full disk may have left an empty process id file
        server = ServerProcess.start(tools, () -> port);
        LOG.info("PostgreSQL is ready again on 127.0.0.1:{}", port);
        return pause;
      } catch (IOException | RuntimeException e) {
        if (stopping) {
          throw new InterruptedException();
        }
        LOG.error(
            "PostgreSQL could not be started again, the next attempt is {}: {}",
            when(pause),
            e.getMessage() == null ? e.toString() : e.getMessage());
      }
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  private static String when(Duration pause) {
    return pause.isZero() ? "now" : "in " + pause.toSeconds() + " s";
  }

  /**
   * Stops the server without a restart, see {@link ServerProcess#stop()}. Completes even if
   * interrupted.
   */
  synchronized void stop() {
    stopping = true;
    watcher.interrupt();
    boolean interrupted = false;
    while (watcher.isAlive()) {
      try {
        watcher.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    server.stop();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
