package dev.taskport.adapter.postgres.batch;

import dev.taskport.adapter.postgres.database.Deadline;
import dev.taskport.adapter.postgres.database.Lookout;
import dev.taskport.adapter.postgres.database.NotDoneException;
import dev.taskport.adapter.postgres.database.Statements;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.StoreUnavailableException.Reason;
import dev.taskport.domain.UserId;
import io.micrometer.core.instrument.DistributionSummary;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out operations of one kind, those that wait at the same time by one statement.
 *
 * <p>No thread of its own carries anything out. A caller that finds the lane free runs its own
 * statement. One that doesn't waits, and the first of those who wait leads the next statement: it
 * takes the others along when its turn at the pool has come, so none joins a statement that was
 * sent already. A statement that takes longer than the lane's patience doesn't hold up the others.
 * An operation that a batch left alone, or that was rolled back with it, is carried out alone, by
 * its own caller. So a failure of one is not told to another, except that nobody knows what became
 * of a batch whose connection was lost. Thread-safe.
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

  private final ReentrantLock lock = new ReentrantLock();

  /** In the order of arrival. */
  private final ArrayDeque<Entry> waiting = new ArrayDeque<>();

  /** Taken along by a leader, and not done yet. */
  private final Set<Entry> taken = new HashSet<>();

  /** Who leads the running statements; without those that others no longer wait for. */
  private final ArrayDeque<Entry> leaders = new ArrayDeque<>();

  /** Whether one of the leaders has not yet taken the others along. */
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
   */
  Lane(
      Statements statements,
      Work<O, R> work,
      boolean on,
      int width,
      Duration patience,
      boolean ofOne,
      @Nullable DistributionSummary sizes,
      Lookout lookout) {
    this.lookout = lookout;
    this.statements = statements;
    this.work = work;
    this.most = work.most();
    this.on = on;
    this.width = width;
    this.patienceNanos = patience.toNanos();
    this.ofOne = ofOne;
    this.sizes = sizes;
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
    Entry entry = new Entry(operation, deadline);
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
      ended(entry, List.of());
    }
  }

  /** Whether the lane is free; if not, the entry waits from now on. */
  private boolean mayBegin(Entry entry) {
    lock.lock();
    try {
      if (leaders.size() < width && waiting.isEmpty()) {
        leaders.add(entry);
        entry.state = State.LEADS;
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

  /**
   * Wakes the callers whose time is over, and the first one if it has waited long enough to lead.
   * They wait without timers, because most are answered before one would be due.
   *
   * @return whether anybody waits
   */
  boolean look() {
    lock.lock();
    try {
      Entry first = waiting.peek();
      if (first != null && !gathering && first.waited() >= patience()) {
        LockSupport.unpark(first.thread);
      }
      for (Entry entry : waiting) {
        if (entry.deadline.remainingMs() <= 0) {
          LockSupport.unpark(entry.thread);
        }
      }
      for (Entry entry : taken) {
        if (entry.deadline.answerNanos() <= 0) {
          LockSupport.unpark(entry.thread);
        }
      }
      return first != null || !taken.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private R await(Entry entry) {
    while (true) {
      switch (entry.state) {
        case DONE -> {
          return result(entry);
        }
        case LEADS -> {
          return lead(entry);
        }
        case TAKEN -> {
          if (entry.deadline.answerNanos() <= 0) {
            var unused = leaves(entry);
            throw new StoreUnavailableException(
                "The database did not answer in time", new TimeoutException());
          }
          LockSupport.park(this);
        }
        case WAITING -> {
          if (entry.deadline.remainingMs() <= 0) {
            if (leavesLine(entry)) {
              throw busy();
            }
          } else if (!leadsNow(entry) && entry.state == State.WAITING) {
            // The lock may have taken the sign that this one is woken by: so look again before.
            LockSupport.park(this);
          }
        }
      }
      if (Thread.currentThread().isInterrupted() && leaves(entry)) {
        throw new StoreUnavailableException(
            "Interrupted while waiting for a statement", new InterruptedException());
      }
    }
  }

  /** Whether the entry was still waiting; it no longer is. */
  private boolean leavesLine(Entry entry) {
    lock.lock();
    try {
      return waiting.remove(entry);
    } finally {
      lock.unlock();
    }
  }

  /** The same, also if it was in the batch of a leader. */
  private boolean leaves(Entry entry) {
    lock.lock();
    try {
      return waiting.remove(entry) || taken.remove(entry);
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

  /** Whether the entry has waited long enough to lead another statement; it does from now on. */
  private boolean leadsNow(Entry entry) {
    if (entry.waited() < patience()) {
      return false;
    }
    lock.lock();
    try {
      if (gathering || !waiting.remove(entry)) {
        return false;
      }
      if (leaders.size() >= width) {
        leaders.poll();
      }
      name(entry);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Makes the entry the next leader. */
  private void name(Entry entry) {
    leaders.add(entry);
    gathering = true;
    entry.state = State.LEADS;
  }

  private R lead(Entry leader) {
    List<Entry> batch = new ArrayList<>();
    try {
      statements.inTurn(
          () -> {
            gather(leader, batch);
            count(batch.size());
            long start = System.nanoTime();
            if (batch.size() > 1 || ofOne) {
              carryOut(batch);
            } else {
              leader.result = work.alone(leader.operation);
            }
            took(batch.size(), System.nanoTime() - start);
            return batch;
          });
    } finally {
      if (batch.isEmpty()) {
        gatheringEnds();
      }
      // The next statement begins before the results of this one are handed out.
      ended(leader, batch);
      batch.forEach(Entry::done);
    }
    return result(leader);
  }

  /** Takes along who waits: in their order or, if they are too many, in turns of the users. */
  private void gather(Entry leader, List<Entry> batch) {
    lock.lock();
    try {
      gathering = false;
      batch.add(leader);
      Set<Object> targets = new HashSet<>();
      addTarget(targets, leader);
      for (Entry entry : waiting.size() < most ? waiting : inTurns(waiting)) {
        if (batch.size() >= most) {
          break;
        }
        if (!entry.isGone() && addTarget(targets, entry)) {
          entry.state = State.TAKEN;
          batch.add(entry);
        }
      }
      waiting.removeIf(entry -> entry.state == State.TAKEN);
      taken.addAll(batch.subList(1, batch.size()));
    } finally {
      lock.unlock();
    }
  }

  private boolean addTarget(Set<Object> targets, Entry entry) {
    Object target = entry.operation.target();
    return target == null || targets.add(target);
  }

  private List<Entry> inTurns(Iterable<Entry> entries) {
    Map<UserId, Queue<Entry>> lines = new LinkedHashMap<>();
    for (Entry entry : entries) {
      lines.computeIfAbsent(entry.operation.user(), user -> new ArrayDeque<>()).add(entry);
    }
    List<Entry> inTurns = new ArrayList<>();
    while (!lines.isEmpty()) {
      for (Iterator<Queue<Entry>> turns = lines.values().iterator(); turns.hasNext(); ) {
        Queue<Entry> line = turns.next();
        inTurns.add(line.remove());
        if (line.isEmpty()) {
          turns.remove();
        }
      }
    }
    return inTurns;
  }

  private void carryOut(List<Entry> batch) {
    try {
      List<@Nullable R> results =
          work.together(batch.stream().map(entry -> entry.operation).toList());
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
        entry.failure = e;
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
  private void ended(Entry leader, List<Entry> batch) {
    Entry next = null;
    lock.lock();
    try {
      batch.forEach(taken::remove);
      if (leaders.remove(leader) && !gathering && leaders.size() < width) {
        next = waiting.poll();
        if (next != null) {
          name(next);
        }
      }
    } finally {
      lock.unlock();
    }
    if (next != null) {
      LockSupport.unpark(next.thread);
    }
  }

  private R result(Entry entry) {
    R result = entry.result;
    if (result != null) {
      return result;
    }
    if (entry.leftAlone) {
      return work.alone(entry.operation);
    }
    // Not made with each entry: a stack trace costs time, and is hardly ever needed.
    RuntimeException failure =
        entry.failure == null
            ? new IllegalStateException("It ended without a result")
            : entry.failure;
    throw failure instanceof StoreUnavailableException unavailable
        ? new StoreUnavailableException(
            unavailable.reason(), String.valueOf(failure.getMessage()), failure)
        : new StoreUnavailableException(
            "A batch failed, nobody knows how far it was done", failure);
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

  private enum State {
    WAITING,
    LEADS,
    /** In the batch of a leader. */
    TAKEN,
    DONE
  }

  /** An operation that waits for its statement, or leads it. */
  private final class Entry {
    private final O operation;
    private final Deadline deadline;
    private final Thread thread = Thread.currentThread();
    private final long since = System.nanoTime();
    private volatile State state = State.WAITING;

    // Without a result, and not left alone, nobody knows what became of it.
    private @Nullable R result;
    private boolean leftAlone;
    private @Nullable RuntimeException failure;

    Entry(O operation, Deadline deadline) {
      this.operation = operation;
      this.deadline = deadline;
    }

    /** For how long, in nanoseconds. */
    long waited() {
      return System.nanoTime() - since;
    }

    /** Whether nobody waits for it any longer. */
    boolean isGone() {
      return thread.isInterrupted() || deadline.remainingMs() <= 0;
    }

    void done() {
      if (state == State.TAKEN) {
        state = State.DONE;
        LockSupport.unpark(thread);
      }
    }
  }
}
