package dev.taskport.adapter.rest.changes;

import dev.taskport.adapter.rest.operation.Draining;
import dev.taskport.adapter.rest.problem.TooManyStreamsException;
import dev.taskport.application.ReadChanges;
import dev.taskport.application.WatchChanges;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.LogMark;
import dev.taskport.domain.changelog.SyncPoint;
import io.micronaut.context.annotation.Bean;
import io.micronaut.runtime.graceful.GracefulShutdownCapable;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open streams of this instance. While there are any, the store is asked at each interval how
 * far the logs of their users have come, once for all; then the news are read for each user who has
 * some. While the store fails, the streams stay open, and it is asked again. Thread-safe.
 */
@Singleton
@Bean(preDestroy = "close")
final class EventStreams implements GracefulShutdownCapable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);

  /** So many pages are read at a time: a part of the store's connections. */
  private static final int READERS = 4;

  private static final int PAGE_SIZE = 100;
  private static final long SILENCE = Duration.ofMinutes(1).toNanos();

  private final Map<UserId, List<EventStream>> byUser = new ConcurrentHashMap<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong lastReport = new AtomicLong(System.nanoTime() - SILENCE);
  private final ReadChanges readChanges;
  private final WatchChanges watchChanges;
  private final EventSettings settings;
  private final Draining draining;
  private final Map<EventStream, Runnable> registrations = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor threads;
  private volatile boolean stopped;

  EventStreams(
      ReadChanges readChanges,
      WatchChanges watchChanges,
      EventSettings settings,
      Draining draining) {
    this.draining = draining;
    this.readChanges = readChanges;
    this.watchChanges = watchChanges;
    this.settings = settings;
    AtomicInteger number = new AtomicInteger();
    threads =
        new ScheduledThreadPoolExecutor(
            READERS,
            task -> {
              Thread thread = new Thread(task, "events-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    long interval = settings.interval().toMillis();
    var unused =
        threads.scheduleWithFixedDelay(this::poll, interval, interval, TimeUnit.MILLISECONDS);
  }

  /**
   * Checks that one more stream of this user may be opened. Streams that are opened at the same
   * time may exceed the bounds a little.
   */
  void requireRoom(UserId user) {
    if (byUser.getOrDefault(user, List.of()).size() >= settings.maxPerUser()) {
      throw new TooManyStreamsException(/* ofUser= */ true);
    }
    if (open.get() >= settings.maxStreams()) {
      throw new TooManyStreamsException(/* ofUser= */ false);
    }
  }

  /** How many streams are open. */
  int open() {
    return open.get();
  }

  /** Takes up a stream whose connection has begun. */
  void add(EventStream stream) {
    open.incrementAndGet();
    registrations.put(stream, draining.register(stream::end));
    byUser.compute(
        stream.user(),
        (user, streams) -> {
          List<EventStream> more = new ArrayList<>(streams == null ? List.of() : streams);
          more.add(stream);
          return List.copyOf(more);
        });
    if (stopped) {
      stream.end();
    } else {
      readSoon(stream.user());
    }
  }

  /** Drops a stream whose connection has ended. */
  void remove(EventStream stream) {
    byUser.computeIfPresent(
        stream.user(),
        (user, streams) -> {
          List<EventStream> rest = new ArrayList<>(streams);
          if (rest.remove(stream)) {
            open.decrementAndGet();
          }
          return rest.isEmpty() ? null : List.copyOf(rest);
        });
    Runnable registration = registrations.remove(stream);
    if (registration != null) {
      registration.run();
    }
  }

  private void poll() {
    try {
      Set<UserId> users = Set.copyOf(byUser.keySet());
      if (users.isEmpty()) {
        return;
      }
      Map<UserId, LogMark> marks = watchChanges.marks(users);
      marks.forEach(
          (user, mark) -> {
            boolean news = false;
            for (EventStream stream : byUser.getOrDefault(user, List.of())) {
              news |= stream.isBehind(mark);
            }
            if (news) {
              readSoon(user);
            }
          });
    } catch (RuntimeException e) {
      report(e); // and ask again: an exception would end the schedule
    }
  }

  private void readSoon(UserId user) {
    try {
      threads.execute(() -> read(user));
    } catch (RejectedExecutionException e) {
      LOG.debug("The service has stopped", e);
    }
  }

  /** Reads the next page for each stream of the user that is behind. */
  private void read(UserId user) {
    Map<Optional<SyncPoint>, List<EventStream>> byPoint = new HashMap<>();
    for (EventStream stream : byUser.getOrDefault(user, List.of())) {
      if (stream.claim()) {
        byPoint.computeIfAbsent(stream.point(), point -> new ArrayList<>()).add(stream);
      }
    }
    byPoint.forEach(
        (point, streams) -> {
          try {
            EventPage page =
                EventPage.of(readChanges.read(user, point.orElse(null), PAGE_SIZE), user);
            streams.forEach(stream -> stream.send(page, () -> readSoon(user)));
          } catch (RuntimeException e) {
            streams.forEach(EventStream::release); // the next poll tries again
            report(e);
          }
        });
  }

  /** The store logs its outages itself; anything else is logged at most once a minute. */
  private void report(RuntimeException e) {
    if (e instanceof StoreUnavailableException) {
      LOG.debug("Event streams get no news now: {}", e.getMessage());
      return;
    }
    long now = System.nanoTime();
    long last = lastReport.get();
    if (!stopped && now - last >= SILENCE && lastReport.compareAndSet(last, now)) {
      LOG.error("Event streams get no news now", e);
    }
  }

  /** Ends all streams: the clients reconnect, to another instance or to the next one. */
  @Override
  public CompletionStage<?> shutdownGracefully() {
    stopped = true;
    byUser.values().forEach(streams -> streams.forEach(EventStream::end));
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void close() {
    var unused = shutdownGracefully();
    threads.shutdown(); // no interrupt: it would cost the store a connection
  }
}
