package dev.taskport.adapter.rest.operation;

import io.micronaut.context.annotation.Value;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits how many requests are carried out at once, and so the threads and the memory that they
 * take, on every JDK. A burst may be longer than that, if it is over soon: a queue that stays makes
 * everybody wait and serves nobody sooner, so it is kept short by refusals. Thread-safe.
 */
@Singleton
final class RequestLimit implements BeanCreatedEventListener<ExecutorService> {
  private static final Logger LOG = LoggerFactory.getLogger(RequestLimit.class);

  /** How long nothing must have been refused for the overload to be over. */
  private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** How long more than the limit may be there before it is no longer a burst. */
  private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** After this time without work a thread ends, where requests have threads of the system. */
  private static final long IDLE_THREAD_SECONDS = 2;

  private final int limit;
  private final int burst;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong refused = new AtomicLong();
  private volatile long lastRefusal;

  /** Since when there have been as many as the limit or more; 0 when there are fewer. */
  private volatile long fullSince;

  /**
   * @param limit the most requests at once, in the long run
   * @param burst the most requests at once, of which those beyond the limit wait
   */
  RequestLimit(
      @Value("${taskport.http.concurrent-requests:100}") int limit,
      @Value("${taskport.http.burst-requests:400}") int burst) {
    this.limit = limit;
    this.burst = burst;
  }

  @Override
  public ExecutorService onCreated(BeanCreatedEvent<ExecutorService> event) {
    ExecutorService threads = event.getBean();
    if (!event.getBeanIdentifier().getName().equals(TaskExecutors.BLOCKING)) {
      return threads;
    }
    if (threads instanceof ThreadPoolExecutor pool) { // before JDK 21
      pool.setKeepAliveTime(IDLE_THREAD_SECONDS, TimeUnit.SECONDS);
    }
    return new Limited(threads);
  }

  /** Whether a request must be refused now; to be asked for each. */
  boolean refuses() {
    int there = underWay.get();
    long now = System.nanoTime();
    if (there < limit) {
      fullSince = 0;
      if (refused.get() > 0 && now - lastRefusal > CALM_NANOS) {
        calmDown();
      }
      return false;
    }
    if (fullSince == 0) {
      fullSince = now;
    }
    if (refused.get() == 0 && there < burst && now - fullSince < BURST_NANOS) {
      return false;
    }
    lastRefusal = now;
    if (refused.getAndIncrement() == 0) {
      LOG.warn("The service is too busy: more than {} requests at once are refused", limit);
    }
    return true;
  }

  private void calmDown() {
    long count = refused.getAndSet(0);
    if (count > 0) {
      LOG.info("Over, {} requests were refused: The service is too busy", count);
    }
  }

  /**
   * Runs no more than the limit at once; the rest of a burst waits without a thread, and so does
   * what was accepted before the limit was reached, but had not arrived completely.
   */
  private final class Limited extends AbstractExecutorService {
    private final ExecutorService threads;
    private final Semaphore places = new Semaphore(limit);
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    Limited(ExecutorService threads) {
      this.threads = threads;
    }

    @Override
    public void execute(Runnable request) {
      underWay.incrementAndGet();
      waiting.add(request);
      runNext();
    }

    private void runNext() {
      while (!waiting.isEmpty() && places.tryAcquire()) {
        Runnable request = waiting.poll();
        if (request == null) {
          places.release();
        } else {
          threads.execute(() -> run(request));
        }
      }
    }

    private void run(Runnable request) {
      try {
        request.run();
      } finally {
        underWay.decrementAndGet();
        places.release();
        runNext();
      }
    }

    @Override
    public void shutdown() {
      threads.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
      return threads.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
      return threads.isShutdown();
    }

    @Override
    public boolean isTerminated() {
      return threads.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
      return threads.awaitTermination(timeout, unit);
    }
  }
}
