package dev.taskport.adapter.rest.operation;

import dev.taskport.adapter.rest.http.LaterAnswers;
import dev.taskport.adapter.rest.proxy.Callers;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.core.propagation.PropagatedContext;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.context.ServerRequestContext;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits how many requests are carried out at once, and so the threads and the memory that they
 * take, on every JDK. Some are always accepted. More are accepted as long as those that are there
 * will be done soon, by the speed at which requests get done: a queue that stays makes everybody
 * wait and serves nobody sooner. Thread-safe.
 *
 * <p>Nobody is refused because of a caller who has more under way than they: what a caller has
 * beyond the number of another doesn't count for that one.
 */
@Singleton
final class RequestLimit
    implements BeanCreatedEventListener<ExecutorService>, LaterAnswers.UnderWay {
  private static final Logger LOG = LoggerFactory.getLogger(RequestLimit.class);

  /** Of a request that is counted while no thread carries it out. */
  private static final String COUNTED = "taskport.counted";

  /** In what time those that are there must be done. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** The same in an overload: the queue gets short again and stays so. */
  private static final long PATIENCE_IN_OVERLOAD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** How long the speed is measured: longer than a pause of the garbage collector. */
  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** How long nothing must have been refused for the overload to be over. */
  private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final int always;
  private final int most;
  private final Callers callers;
  private final RequestsByCaller byCaller;
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile long lastRefusal;
  private final Speed speed = new Speed();
  private final Places withoutThreads;

  /**
   * @param always so many requests at once are accepted in any case
   * @param most the most requests at once
   */
  RequestLimit(
      @Value("${taskport.http.concurrent-requests:100}") int always,
      @Value("${taskport.http.most-concurrent-requests:400}") int most,
      Callers callers) {
    this.always = always;
    this.most = most;
    this.callers = callers;
    this.byCaller = new RequestsByCaller(most);
    this.withoutThreads = new Places();
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
  boolean refuses(HttpRequest<?> request) {
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
    int counted = there - byCaller.aboveNextOf(callers.of(request));
    if (counted < always && there < most) {
      return false;
    }
    long patience = overload ? PATIENCE_IN_OVERLOAD_NANOS : PATIENCE_NANOS;
    // The last places are for callers who have few.
    if (there < most - always && counted * speed.nanosForEach(now) <= patience) {
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

  @Override
  public void begin(HttpRequest<?> request, Consumer<Runnable> work) {
    Counted counted = new Counted(request);
    request.setAttribute(COUNTED, counted);
    Runnable end =
        () -> {
          request.removeAttribute(COUNTED, Counted.class);
          counted.end();
          withoutThreads.release();
        };
    withoutThreads.run(() -> work.accept(end), counted.rank);
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
   * Lets no more than the most run at once. What was accepted before there were so many, but had
   * not arrived completely, waits. The first of each caller come before the second ones, and so on.
   */
  private final class Places {
    private final Semaphore free = new Semaphore(most);
    private final AtomicLong arrivals = new AtomicLong();
    private final Queue<Waiting> waiting = new PriorityBlockingQueue<>();

    /** How often the next ones were asked for since those that wait were last looked at. */
    private final AtomicInteger asked = new AtomicInteger();

    /** Runs the task as soon as it has a place, which it keeps until one is released. */
    void run(Runnable task, int rank) {
      if (free.tryAcquire()) {
        task.run();
      } else {
        Runnable later = PropagatedContext.wrapCurrent(task);
        waiting.add(new Waiting(later, rank, arrivals.incrementAndGet()));
        runNext();
      }
    }

    void release() {
      free.release();
      runNext();
    }

    private void runNext() {
      // A task may be done at once, and release its place: many in a row must not fill the stack.
      if (asked.getAndIncrement() != 0) {
        return;
      }
      int seen = 1;
      do {
        while (!waiting.isEmpty() && free.tryAcquire()) {
          Waiting next = waiting.poll();
          if (next == null) {
            free.release();
          } else {
            run(next);
          }
        }
        seen = asked.addAndGet(-seen);
      } while (seen != 0);
    }

    private void run(Waiting next) {
      try {
        next.task.run();
      } catch (RuntimeException | Error e) {
        free.release();
        LOG.error("A request that waited could not begin", e);
      }
    }
  }

  /** The executor of requests that block. */
  private final class Limited extends AbstractExecutorService {
    private final ExecutorService threads;
    private final Places places = new Places();

    Limited(ExecutorService threads) {
      this.threads = threads;
    }

    @Override
    public void execute(Runnable task) {
      HttpRequest<?> request = ServerRequestContext.currentRequest().orElse(null);
      Counted already =
          request == null ? null : request.getAttribute(COUNTED, Counted.class).orElse(null);
      if (already != null) {
        places.run(() -> threads.execute(() -> run(task, null)), already.rank);
      } else {
        Counted counted = new Counted(request);
        places.run(() -> threads.execute(() -> run(task, counted)), counted.rank);
      }
    }

    private void run(Runnable task, @Nullable Counted counted) {
      try {
        task.run();
      } finally {
        if (counted != null) {
          counted.end();
        }
        places.release();
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

  /** A request under way. */
  private final class Counted {
    /** Null if it isn't known whose it is. */
    private final @Nullable Object caller;

    private final int rank;

    Counted(@Nullable HttpRequest<?> request) {
      // While there are few, nobody needs to know whose they are.
      boolean few = underWay.getAndIncrement() < always / 4;
      caller = few || request == null ? null : callers.of(request);
      rank = caller == null ? 0 : byCaller.begin(caller);
    }

    void end() {
      if (caller != null) {
        byCaller.end(caller);
      }
      underWay.decrementAndGet();
      done.incrementAndGet();
    }
  }

  /**
   * @param number the number of its arrival
   */
  private record Waiting(Runnable task, int rank, long number) implements Comparable<Waiting> {
    @Override
    public int compareTo(Waiting other) {
      return rank == other.rank
          ? Long.compare(number, other.number)
          : Integer.compare(rank, other.rank);
    }
  }
}
