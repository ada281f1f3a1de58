package dev.taskport.adapter.postgres.database;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what waits, at regular intervals, on a daemon thread of its own. One thread for all that
 * waits costs less than a timer for each. It sleeps while there is nothing to look at. Thread-safe.
 */
public final class Lookout implements AutoCloseable {
  /** In vain, before it sleeps: waking it costs more than a look. */
  private static final int LOOKS_BEFORE_SLEEP = 50;

  private final String name;
  private final long intervalNanos;
  private final BooleanSupplier look;

  private volatile boolean asleep;
  private volatile boolean closed;
  private volatile @Nullable Thread thread;

  /**
   * @param name the name of its thread
   * @param look what it does each time; tells whether there was anything to look at
   */
  public Lookout(String name, Duration interval, BooleanSupplier look) {
    this.name = name;
    this.intervalNanos = interval.toNanos();
    this.look = look;
  }

  /** To be called when there is something new to look at, after it can be seen. */
  public void wake() {
    if (asleep || thread == null) {
      start();
    }
  }

  private synchronized void start() {
    if (thread == null && !closed) {
      thread = new Thread(this::run, name);
      thread.setDaemon(true);
      thread.start();
    }
    LockSupport.unpark(thread);
  }

  private void run() {
    try {
      lookAgainAndAgain();
    } finally {
      thread = null; // if a look failed, the next call begins anew
    }
  }

  private void lookAgainAndAgain() {
    int inVain = 0;
    while (!closed) {
      inVain = look.getAsBoolean() ? 0 : inVain + 1;
      if (inVain < LOOKS_BEFORE_SLEEP) {
        LockSupport.parkNanos(this, intervalNanos);
        continue;
      }
      asleep = true;
      if (!look.getAsBoolean() && !closed) {
        LockSupport.park(this);
      }
      asleep = false;
    }
  }

  /** Ends the thread. */
  @Override
  public synchronized void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
