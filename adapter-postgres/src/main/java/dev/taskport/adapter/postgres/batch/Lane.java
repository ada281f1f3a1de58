package dev.taskport.adapter.postgres.batch;

import dev.taskport.adapter.postgres.database.Deadline;
import dev.taskport.adapter.postgres.database.Lookout;
import dev.taskport.adapter.postgres.database.NotDoneException;
import dev.taskport.adapter.postgres.database.Statements;
import dev.taskport.adapter.postgres.database.Turns;
import dev.taskport.adapter.postgres.pipeline.PipelinedCall;
import dev.taskport.adapter.postgres.pipeline.Pipelines;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.StoreUnavailableException.Reason;
import dev.taskport.domain.UserId;
import io.micrometer.core.instrument.DistributionSummary;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out operations of one kind, those that wait at the same time by one statement.
 *
 * <p>A caller that finds the lane free runs its own statement. One that doesn't waits; when the
 * statement before it is answered, a thread of the lanes takes all that wait along in the next one.
 * It does so when its turn at the pool has come, so none joins a statement that was sent already. A
 * statement that takes longer than the lane's patience doesn't hold up the others. An operation
 * that a batch left alone, or that was rolled back with it, is carried out alone. So a failure of
 * one is not told to another, except that nobody knows what became of a batch whose connection was
 * lost. Thread-safe.
 */
public final class Lane<O extends Operation, R> {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  private static final int MOST_WAITING = 1_000;

  /** A batch that takes no longer than this, or than callers wait for it, is never too large. */
  private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

  /** How long an operation waits at most for the batch before it; then another begins. */
  private static final long LONGEST_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** How long batches stay small after one was too large. */
  private static final long SMALL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Statements statements;
  private final Work<O, R> work;
  private final boolean on;
  private final int width;
  private final long patienceNanos;
  private final boolean ofOne;
  private final @Nullable DistributionSummary sizes;
  private final Lookout lookout;
  private final Executor threads;
  private final Pipelines pipelines;

  private final ReentrantLock lock = new ReentrantLock();

  /** In the order of arrival. */
  private final ArrayDeque<Entry> waiting = new ArrayDeque<>();

  /** Those whose statements run, or wait for a thread, and are not done yet. */
  private final Set<Entry> taken = new HashSet<>();

  /** The first ones of the running statements; without those that others no longer wait for. */
  private final ArrayDeque<Entry> running = new ArrayDeque<>();

  /** Whether one of the running statements has not yet taken the others along. */
  private boolean gathering;

  /** How many operations may be in a batch now. */
  private int most;

  /** How long an operation takes alone if it waits for nothing: about the least lately. */
  private long aloneNanos;

  /** How long a batch takes, about the mean lately; less if few wait. */
  private volatile long batchNanos;

  private long lastTooLarge = System.nanoTime() - SMALL_NANOS;

  /**
   * @param lookout to be woken when somebody waits; calls {@link #look} then
   * @param threads what runs the statements of those that waited; they may block
   */
  Lane(
      Statements statements,
      Work<O, R> work,
      boolean on,
      int width,
      Duration patience,
      boolean ofOne,
      @Nullable DistributionSummary sizes,
      Lookout lookout,
      Executor threads,
      Pipelines pipelines) {
    this.statements = statements;
    this.work = work;
    this.most = work.most();
    this.on = on;
    this.width = width;
    this.patienceNanos = patience.toNanos();
    this.ofOne = ofOne;
    this.sizes = sizes;
    this.lookout = lookout;
    this.threads = threads;
    this.pipelines = pipelines;
  }

  /**
   * Carries out the operation, in the time of the call that the thread is in.
   *
   * @throws StoreUnavailableException when that is not possible now, or nobody knows whether it was
   */
  public R call(O operation) {
    return on ? statements.call(() -> enter(operation)) : work.alone(operation);
  }

  private R enter(O operation) {
    Deadline deadline = statements.deadline();
    // Who has a turn must not wait for others who wait for theirs. And who has little time left
    // would take the time of others with it.
    if (statements.isInTurn() || !deadline.isFar()) {
      return work.alone(operation);
    }
    Entry entry = new Entry(operation, deadline, /* hasThread= */ true);
    if (!mayBegin(entry)) {
      return await(entry);
    }
    try {
      count(1);
      long start = System.nanoTime();
      R result = work.alone(operation);
      took(1, System.nanoTime() - start);
      return result;
    } finally {
      ended(entry);
    }
  }

  /** Carries out the operation later, in the time of a call that begins now. */
  public CompletionStage<R> submit(O operation) {
    return submit(operation, statements.nextDeadline());
  }

  /**
   * Carries out the operation without keeping the caller waiting. What follows the result must not
   * block the thread that it comes on.
   *
   * @return fails with what {@link #call} would throw
   */
  public CompletionStage<R> submit(O operation, Deadline deadline) {
    if (on && deadline.isFar()) {
      Pipelined call = new Pipelined(operation, deadline);
      if (pipelines.submit(call)) {
        return call;
      }
    }
    return later(operation, deadline);
  }

  private CompletionStage<R> later(O operation, Deadline deadline) {
    Entry entry = new Entry(operation, deadline, /* hasThread= */ false);
    if (!on) {
      aloneLater(entry);
      return entry;
    }
    boolean begins;
    try {
      begins = mayBegin(entry);
    } catch (StoreUnavailableException e) {
      return CompletableFuture.failedStage(e);
    }
    if (begins) {
      lookout.wake();
      start(entry);
    }
    return entry;
  }

  /** Whether the lane is free; if not, the entry waits from now on. */
  private boolean mayBegin(Entry entry) {
    lock.lock();
    try {
      if (running.size() < width && waiting.isEmpty()) {
        if (entry.hasThread) {
          running.add(entry);
        } else {
          begins(entry);
        }
        return true;
      }
      if (waiting.size() >= MOST_WAITING) {
        throw busy();
      }
      waiting.add(entry);
    } finally {
      lock.unlock();
    }
    lookout.wake();
    return false;
  }

  /** Makes the entry the first one of the next statement, which is to be started. */
  private void begins(Entry entry) {
    running.add(entry);
    taken.add(entry);
    gathering = true;
  }

  /**
   * Tells those whose time is over, and starts a statement for those that have waited long enough.
   * They wait without timers, because most are answered before one would be due.
   *
   * @return whether anybody waits
   */
  boolean look() {
    List<Entry> busy = new ArrayList<>();
    List<Entry> late = new ArrayList<>();
    Entry next = null;
    boolean anybody;
    lock.lock();
    try {
      move(waiting, entry -> entry.deadline.remainingMs() <= 0, busy);
      move(taken, entry -> entry.deadline.answerNanos() <= 0, late);
      Entry first = waiting.peek();
      if (first != null && !gathering && first.waited() >= patience()) {
        next = waiting.remove();
        if (running.size() >= width) {
          running.poll();
        }
        begins(next);
      }
      anybody = !waiting.isEmpty() || !taken.isEmpty();
    } finally {
      lock.unlock();
    }
    busy.forEach(entry -> entry.completeExceptionally(busy()));
    late.forEach(entry -> entry.completeExceptionally(entry.hasBegun ? late() : busy()));
    if (next != null) {
      start(next);
    }
    return anybody;
  }

  private static <T> void move(Iterable<T> from, Predicate<T> which, List<T> to) {
    for (Iterator<T> all = from.iterator(); all.hasNext(); ) {
      T one = all.next();
      if (which.test(one)) {
        all.remove();
        to.add(one);
      }
    }
  }

  private R await(Entry entry) {
    try {
      R result = entry.get();
      return entry.leftAlone ? work.alone(entry.operation) : result;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      leaves(entry);
      throw new StoreUnavailableException("Interrupted while waiting for a statement", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause();
    }
  }

  private void leaves(Entry entry) {
    entry.cancel(false);
    lock.lock();
    try {
      waiting.remove(entry);
      taken.remove(entry);
    } finally {
      lock.unlock();
    }
  }

  /**
   * How long an operation waits for the statement before it. Most of the time that a batch takes:
   * in a rush, batches that ran beside each other would be small, and slow each other down.
   */
  private long patience() {
    return Math.max(patienceNanos, Math.min(batchNanos * 3 / 4, LONGEST_PATIENCE_NANOS));
  }

  /** Has a thread run the statement that this entry begins. */
  private void start(Entry first) {
    if (!execute(first, () -> run(first))) {
      passOn(first);
    }
  }

  /** Lets others go on without this entry, which has begun a statement and gathered nobody. */
  private void passOn(Entry first) {
    gatheringEnds();
    done(List.of(first));
    ended(first);
  }

  /** Returns false, and tells the entry, if no thread takes it. */
  private boolean execute(Entry entry, Runnable run) {
    try {
      threads.execute(entry.trace.wrap(run));
      return true;
    } catch (RejectedExecutionException e) {
      entry.completeExceptionally(new StoreUnavailableException("The service is ending", e));
      return false;
    } catch (Error e) {
      // Such as: no further thread can be made. Those whose batch has just ended must be told.
      entry.completeExceptionally(unknown(e));
      return false;
    }
  }

  /** Whether there is still time to carry the entry out; if not, it is told. */
  private boolean isInTime(Entry entry) {
    entry.hasBegun = true;
    if (entry.deadline.remainingMs() <= 0) {
      entry.completeExceptionally(entry.failure == null ? busy() : entry.failure);
    }
    return !entry.isDone();
  }

  private void run(Entry first) {
    if (!isInTime(first)) {
      // Others would have no more time than this one.
      passOn(first);
      return;
    }
    List<Entry> batch = new ArrayList<>();
    try {
      statements.callUntil(
          first.deadline,
          () ->
              statements.inTurn(
                  () -> {
                    gather(first, batch);
                    carryOut(first, batch);
                    return batch;
                  }));
    } catch (RuntimeException | Error e) {
      if (batch.isEmpty()) {
        gatheringEnds();
        batch.add(first);
      }
      for (Entry entry : batch) {
        entry.failure = batch.size() == 1 ? e : unknown(e);
      }
    }
    ended(first);
    done(batch);
    batch.forEach(this::tell);
  }

  /** Takes along who waits: in their order or, if they are too many, in turns of the users. */
  private void gather(Entry first, List<Entry> batch) {
    lock.lock();
    try {
      gathering = false;
      Set<Object> targets = new HashSet<>();
      if (!first.isDone()) {
        batch.add(first);
        addTarget(targets, first);
      }
      for (Entry entry : waiting.size() < most ? waiting : Turns.of(waiting, Entry::user)) {
        if (batch.size() >= most) {
          break;
        }
        if (!entry.isDone() && addTarget(targets, entry)) {
          entry.hasBegun = true;
          batch.add(entry);
          taken.add(entry);
        }
      }
      waiting.removeIf(taken::contains);
    } finally {
      lock.unlock();
    }
  }

  private boolean addTarget(Set<Object> targets, Entry entry) {
    Object target = entry.operation.target();
    return target == null || targets.add(target);
  }

  private void carryOut(Entry first, List<Entry> batch) {
    if (batch.isEmpty()) {
      return;
    }
    count(batch.size());
    long start = System.nanoTime();
    if (batch.size() > 1 || ofOne) {
      together(first, batch);
    } else {
      batch.get(0).result = work.alone(batch.get(0).operation);
    }
    took(batch.size(), System.nanoTime() - start);
  }

  private void together(Entry first, List<Entry> batch) {
    try {
      // The next statement begins before the rows of this one are read.
      List<@Nullable R> results =
          work.together(batch.stream().map(entry -> entry.operation).toList(), () -> ended(first));
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).result = results.get(i);
        batch.get(i).leftAlone = results.get(i) == null;
      }
    } catch (NotDoneException e) {
      LOG.debug("A batch of {} was rolled back; each is carried out alone", batch.size(), e);
      batch.forEach(entry -> entry.leftAlone = true);
    } catch (RuntimeException e) {
      LOG.debug("Nobody knows what became of a batch of {}", batch.size(), e);
      for (Entry entry : batch) {
        entry.leftAlone = work.isRepeatable();
        entry.failure = unknown(e);
      }
    }
  }

  /**
   * Adapts how many operations may be in a batch. One statement carries them out one after the
   * other, several statements at the same time: where a row takes long, as on a cold disk, many in
   * one statement would wait for each other.
   */
  private void took(int size, long nanos) {
    lock.lock();
    try {
      long before = batchNanos;
      batchNanos = before + ((size == 1 ? 0 : nanos) - before) / 8;
      if (size == 1) {
        aloneNanos = aloneNanos == 0 ? nanos : Math.min(nanos, aloneNanos + aloneNanos / 64);
      } else if (nanos > Math.max(SHORT_NANOS, patienceNanos)
          && nanos > size * aloneNanos * 3 / 4) {
        most = Math.max(1, size / 2);
        lastTooLarge = System.nanoTime();
        return;
      }
      if (size >= most && System.nanoTime() - lastTooLarge > SMALL_NANOS) {
        most = Math.min(work.most(), 2 * most);
      }
    } finally {
      lock.unlock();
    }
  }

  private void gatheringEnds() {
    lock.lock();
    try {
      gathering = false;
    } finally {
      lock.unlock();
    }
  }

  /** Lets the next statement begin, if this was one that others wait for. */
  private void ended(Entry first) {
    Entry next = null;
    lock.lock();
    try {
      if (running.remove(first) && !gathering && running.size() < width) {
        next = waiting.poll();
        if (next != null) {
          begins(next);
        }
      }
    } finally {
      lock.unlock();
    }
    if (next != null) {
      start(next);
    }
  }

  private void done(List<Entry> batch) {
    lock.lock();
    try {
      batch.forEach(taken::remove);
    } finally {
      lock.unlock();
    }
  }

  private void tell(Entry entry) {
    if (entry.leftAlone && !entry.hasThread) {
      aloneLater(entry);
    } else if (entry.leftAlone || entry.failure == null) {
      entry.complete(entry.result);
    } else {
      entry.completeExceptionally(entry.failure);
    }
  }

  private void aloneLater(Entry entry) {
    lock.lock();
    try {
      taken.add(entry);
    } finally {
      lock.unlock();
    }
    lookout.wake();
    if (!execute(entry, () -> runAlone(entry))) {
      done(List.of(entry));
    }
  }

  private void runAlone(Entry entry) {
    try {
      if (isInTime(entry)) {
        entry.complete(statements.callUntil(entry.deadline, () -> work.alone(entry.operation)));
      }
    } catch (RuntimeException | Error e) {
      entry.completeExceptionally(e);
    } finally {
      done(List.of(entry));
    }
  }

  private void count(int size) {
    if (sizes != null) {
      sizes.record(size);
    }
  }

  private static StoreUnavailableException busy() {
    return new StoreUnavailableException(
        Reason.BUSY,
        "The database is too busy: too many calls wait for it",
        new TimeoutException());
  }

  private static StoreUnavailableException late() {
    return new StoreUnavailableException(
        "The database did not answer in time", new TimeoutException());
  }

  /** What one of a batch is told when nobody knows what became of it. */
  private static StoreUnavailableException unknown(Throwable failure) {
    return failure instanceof StoreUnavailableException unavailable
        ? new StoreUnavailableException(
            unavailable.reason(), String.valueOf(failure.getMessage()), failure)
        : new StoreUnavailableException(
            "A batch failed, nobody knows how far it was done", failure);
  }

  /** An operation on its way; completed with its result, or without one if it was left alone. */
  private final class Entry extends CompletableFuture<R> {
    private final O operation;
    private final Deadline deadline;

    /** Whether its caller's thread waits for it, and carries it out if it is left alone. */
    private final boolean hasThread;

    private final long since = System.nanoTime();

    /** That of its caller; the statement that it begins belongs to it. */
    private final Context trace = Context.current();

    /** Whether a thread carries it out, or waits for a connection for it. */
    private volatile boolean hasBegun;

    private @Nullable R result;
    private boolean leftAlone;
    private @Nullable Throwable failure;

    Entry(O operation, Deadline deadline, boolean hasThread) {
      this.operation = operation;
      this.deadline = deadline;
      this.hasThread = hasThread;
    }

    UserId user() {
      return operation.user();
    }

    /** For how long, in nanoseconds. */
    long waited() {
      return System.nanoTime() - since;
    }
  }

  /** An operation on its way through a pipeline. */
  private final class Pipelined extends PipelinedCall<O, R> {
    Pipelined(O operation, Deadline deadline) {
      super(work, operation, operation.user(), operation.target(), deadline);
    }

    @Override
    protected void sent(int operations) {
      count(operations);
    }

    @Override
    protected CompletionStage<R> otherWay() {
      return later(operation(), deadline());
    }

    @Override
    protected CompletionStage<R> alone() {
      Entry entry = new Entry(operation(), deadline(), /* hasThread= */ false);
      aloneLater(entry);
      return entry;
    }
  }
}
