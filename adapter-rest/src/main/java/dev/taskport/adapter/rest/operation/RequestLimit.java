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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits how many requests are carried out at once, and so the threads and the memory that they
 * take, on every JDK. Some are always accepted. More are accepted as long as those that are there
 * will be done soon, by the speed at which requests get done: a queue that stays makes everybody
 * wait and serves nobody sooner. Thread-safe.
 */
@Singleton
final class RequestLimit implements BeanCreatedEventListener<ExecutorService> {
  private static final Logger LOG = LoggerFactory.getLogger(RequestLimit.class);

  /** In what time those that are there must be done. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** The same in an overload: the queue gets short again and stays so. */
  private static final long PATIENCE_IN_OVERLOAD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** How long the speed is measured: longer than a pause of the garbage collector. */
  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** How long nothing must have been refused for the overload to be over. */
  private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final int always;
  private final int most;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile long lastRefusal;
  private final Speed speed = new Speed();

  /**
   * @param always so many requests at once are accepted in any case
   * @param most the most requests at once
   */
  RequestLimit(
      @Value("${taskport.http.concurrent-requests:100}") int always,
      @Value("${taskport.http.most-concurrent-requests:400}") int most) {
    this.always = always;
    this.most = most;
  }

  @Override
  public ExecutorService onCreated(BeanCreatedEvent<ExecutorService> event) {
    ExecutorService threads = event.getBean();
    if (!event.getBeanIdentifier().getName().equals(TaskExecutors.BLOCKING)) {
      return threads;
    }
    return new Limited(threads);
  }

  /** Whether a request must be refused now; to be asked for each. */
  boolean refuses() {
    int there = underWay.get();
    long now = System.nanoTime();
    boolean overload = refused.get() > 0;
    if (overload && now - lastRefusal > CALM_NANOS) {
      calmDown();
    }
    if (there < always) {
      if (!overload) {
        speed.forget();
      }
      return false;
    }
    long patience = overload ? PATIENCE_IN_OVERLOAD_NANOS : PATIENCE_NANOS;
    if (there < most && there * speed.nanosForEach(now) <= patience) {
      return false;
    }
    lastRefusal = now;
    if (refused.getAndIncrement() == 0) {
      LOG.warn(
          "The service is too busy: requests that would have to wait are refused ({} are under way)",
          there);
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
   * The speed at which requests get done while there are many. It isn't known before the first
   * window is over.
   */
  private final class Speed {
    private volatile boolean measured;
    private long began;
    private long doneThen;
    private long nanosForEach;

    void forget() {
      if (measured) {
        measured = false;
      }
    }

    /** How long a request took in the last window, if one after the other was done. */
    synchronized long nanosForEach(long now) {
      if (!measured) {
        measured = true;
        nanosForEach = 0;
        begin(now);
      } else if (now - began >= WINDOW_NANOS) {
        nanosForEach = (now - began) / Math.max(1, done.get() - doneThen);
        begin(now);
      }
      return nanosForEach;
    }

    private void begin(long now) {
      began = now;
      doneThen = done.get();
    }
  }

  /**
   * Runs no more than the most at once; what was accepted before there were so many, but had not
   * arrived completely, waits.
   */
  private final class Limited extends AbstractExecutorService {
    private final ExecutorService threads;
    private final Semaphore places = new Semaphore(most);
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
        done.incrementAndGet();
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
