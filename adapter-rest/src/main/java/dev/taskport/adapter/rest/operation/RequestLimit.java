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
 * take, on every JDK. Thread-safe.
 */
@Singleton
final class RequestLimit implements BeanCreatedEventListener<ExecutorService> {
  private static final Logger LOG = LoggerFactory.getLogger(RequestLimit.class);

  /** How long nothing must have been refused for the overload to be over. */
  private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final int limit;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong refused = new AtomicLong();
  private volatile long lastRefusal;

  /**
   * @param limit the most requests at once
   */
  RequestLimit(@Value("${taskport.http.concurrent-requests:100}") int limit) {
    this.limit = limit;
  }

  @Override
  public ExecutorService onCreated(BeanCreatedEvent<ExecutorService> event) {
    return event.getBeanIdentifier().getName().equals(TaskExecutors.BLOCKING)
        ? new Limited(event.getBean())
        : event.getBean();
  }

  /** Whether a request must be refused now; to be asked for each. */
  boolean refuses() {
    if (underWay.get() < limit) {
      if (refused.get() > 0 && System.nanoTime() - lastRefusal > CALM_NANOS) {
        calmDown();
      }
      return false;
    }
    lastRefusal = System.nanoTime();
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
   * Runs no more than the limit at once; what was accepted before the limit was reached, but had
   * not arrived completely, waits without a thread.
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
