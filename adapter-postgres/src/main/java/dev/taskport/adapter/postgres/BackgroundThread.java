package dev.taskport.adapter.postgres;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** For work that nobody's answer waits for. */
final class BackgroundThread {
  private BackgroundThread() {}

  /**
   * Does its tasks one after the other, on a thread that doesn't keep the service from ending and
   * goes away when idle. What it gets after its stop is dropped.
   */
  static ExecutorService named(String name) {
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
