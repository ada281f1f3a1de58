package dev.taskport.adapter.postgres.database;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** An executor for work that no request waits for. */
public final class BackgroundThread {
  private BackgroundThread() {}

  /**
   * Runs its tasks one after the other on a daemon thread, which ends when idle. Tasks that arrive
   * after shutdown are dropped.
   */
  public static ExecutorService named(String name) {
    return new ThreadPoolExecutor(
        0,
        1,
        10,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        work -> {
          Thread thread = new Thread(work, name);
          thread.setDaemon(true);
          return thread;
        },
        new ThreadPoolExecutor.DiscardPolicy());
  }
}
