package dev.taskport.adapter.rest.http;

import dev.taskport.adapter.rest.problem.TooMuchInFlightException;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * How many bytes of requests and answers all connections together hold in memory, and the limit of
 * that: {@code taskport.http.max-bytes-in-flight}, or else a quarter of the heap. When it is
 * reached, the connections that have taken nothing for longest are cut. Thread-safe.
 */
@Singleton
public final class BytesInFlight {
  /** Within this time a client that reads, reads. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration WAIT = Duration.ofSeconds(3);
  private static final Duration POLL = Duration.ofMillis(10);

  /** In bytes. */
  private static final long SMALL = 512 * 1024;

  private final long most;
  private final AtomicLong sum = new AtomicLong();
  private final AtomicLong heads = new AtomicLong();

  /** The connections with bytes that wait for the client. */
  private final Set<Unread> waiting = ConcurrentHashMap.newKeySet();

  BytesInFlight(@Value("${taskport.http.max-bytes-in-flight:0}") long most) {
    this.most = most > 0 ? most : Runtime.getRuntime().maxMemory() / 4;
  }

  public void add(long bytes) {
    sum.addAndGet(bytes);
  }

  public void remove(long bytes) {
    sum.addAndGet(-bytes);
  }

  /**
   * Counts the head of a request that shares its connection with others; together they have a
   * quarter of all room.
   *
   * @return false if there is no room; then nothing is counted
   */
  boolean addHead(long bytes) {
    if (heads.addAndGet(bytes) > most / 4) {
      heads.addAndGet(-bytes);
      return false;
    }
    add(bytes);
    return true;
  }

  void removeHead(long bytes) {
    heads.addAndGet(-bytes);
    remove(bytes);
  }

  /** How many bytes are held now. */
  public long sum() {
    return sum.get();
  }

  /** Whether one more body may be held. */
  boolean hasRoom() {
    return hasRoom(0, most);
  }

  /**
   * Counts the bytes of an answer that is not {@linkplain #SMALL large}, to be {@link #remove}d.
   *
   * @return false if there is no room now; then nothing is counted
   */
  public boolean tryAdd(long bytes) {
    if (!hasRoom(bytes, most)) {
      return false;
    }
    add(bytes);
    return true;
  }

  /**
   * Makes an answer when there is room for it, which it waits for if need be. Large answers have
   * half of all room.
   *
   * @param bytes about how many it needs
   * @throws TooMuchInFlightException if there is no room in time
   */
  public <T> T within(long bytes, Supplier<T> answer) {
    long limit = bytes > SMALL ? most / 2 : most;
    long room = Math.min(bytes, limit);
    long deadline = System.nanoTime() + WAIT.toNanos();
    while (!hasRoom(room, limit)) {
      if (System.nanoTime() >= deadline || Thread.currentThread().isInterrupted()) {
        throw new TooMuchInFlightException();
      }
      LockSupport.parkNanos(this, POLL.toNanos());
    }
    add(room);
    try {
      return answer.get();
    } finally {
      remove(room);
    }
  }

  private boolean hasRoom(long bytes, long limit) {
    if (sum.get() + bytes <= limit) {
      return true;
    }
    cutSlowest(sum.get() + bytes - limit * 3 / 4);
    return sum.get() + bytes <= limit;
  }

  void await(Unread answer) {
    waiting.add(answer);
  }

  void done(Unread answer) {
    waiting.remove(answer);
  }

  private void cutSlowest(long bytes) {
    record Stalled(Unread answer, Duration time) {}
    List<Stalled> stalled =
        waiting.stream()
            .map(answer -> new Stalled(answer, answer.stalled()))
            .filter(answer -> answer.time().compareTo(PATIENCE) >= 0)
            .sorted(Comparator.comparing(Stalled::time).reversed())
            .toList();
    long cut = 0;
    for (Stalled slow : stalled) {
      if (cut >= bytes) {
        return;
      }
      cut += slow.answer().held();
      slow.answer().cut("memory is short, and the client has taken nothing for " + slow.time());
    }
  }

  /** An answer whose bytes wait for the client. Thread-safe. */
  interface Unread {
    /** How long the client has taken nothing. */
    Duration stalled();

    /** In bytes: what waits for the client. */
    long held();

    /** Closes the connection. */
    void cut(String reason);
  }
}
