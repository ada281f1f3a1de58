package dev.taskport.adapter.postgres.database;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what waits, at regular intervals, on a daemon thread of its own. One thread for all that
 * waits costs less than a timer for each. It sleeps while there is nothing to look at. Thread-safe.
 */
public final class Lookout implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lookout.class);

  /** In vain, before it sleeps: waking it costs more than a look. */
  private static final int LOOKS_BEFORE_SLEEP = 50;

  private final Thread thread;
  private final long intervalNanos;
  private final BooleanSupplier look;
  private boolean failed;

  private volatile boolean asleep;
  private volatile boolean closed;

  private Lookout(String name, Duration interval, BooleanSupplier look) {
    this.thread = new Thread(this::run, name);
    this.intervalNanos = interval.toNanos();
    this.look = look;
  }

  /**
   * Begins to look.
   *
   * @param name the name of its thread
   * @param look what it does each time; tells whether there was anything to look at. If it fails,
   *     it is done again.
   */
  public static Lookout begin(String name, Duration interval, BooleanSupplier look) {
    Lookout lookout = new Lookout(name, interval, look);
    lookout.thread.setDaemon(true);
    lookout.thread.start();
    return lookout;
  }

  /** To be called when there is something new to look at, after it can be seen. */
  public void wake() {
    if (asleep) {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    int inVain = 0;
    while (!closed) {
      inVain = look() ? 0 : inVain + 1;
      if (inVain < LOOKS_BEFORE_SLEEP) {
        LockSupport.parkNanos(this, intervalNanos);
        continue;
      }
      asleep = true;
      if (!look() && !closed) {
        LockSupport.park(this);
      }
      asleep = false;
      inVain = 0;
    }
  }

  private boolean look() {
    try {
      boolean found = look.getAsBoolean();
      failed = false;
      return found;
    } catch (RuntimeException | Error e) {
      if (!failed) {
        LOG.error("{} failed, and goes on", thread.getName(), e);
      }
      failed = true;
      return true;
    }
  }

  /** Ends the thread. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
