package dev.taskport.adapter.rest.changes;

import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.LogMark;
import dev.taskport.domain.changelog.SyncPoint;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One open stream: whose it is, where it stands, and what it waits for. Thread-safe. */
final class EventStream {
  private enum State {
    /** There may be news, which nobody reads yet. */
    BEHIND,
    /** Somebody reads the next page. */
    READING,
    /** The next page is on its way to the client. */
    SENDING,
    /** The client has everything up to the point. */
    CURRENT
  }

  private final UserId user;
  private final boolean reset;
  private final Duration lifetime;
  private @Nullable SyncPoint point;
  private State state = State.BEHIND;
  private boolean greeted;
  private @Nullable EventConnection connection;

  /**
   * A stream that is not connected yet.
   *
   * @param point where the client stands; null at the beginning
   * @param reset whether the client must first drop its copy
   * @param lifetime how long the stream may stay open
   */
  EventStream(UserId user, @Nullable SyncPoint point, boolean reset, Duration lifetime) {
    this.user = user;
    this.point = point;
    this.reset = reset;
    this.lifetime = lifetime;
  }

  UserId user() {
    return user;
  }

  boolean reset() {
    return reset;
  }

  Duration lifetime() {
    return lifetime;
  }

  synchronized void connect(EventConnection to) {
    connection = to;
  }

  /** Whether the next page should be read, now that the user's log has come this far. */
  synchronized boolean isBehind(LogMark mark) {
    boolean reached =
        point != null && point.started().equals(mark.started()) && point.number() == mark.number();
    if (state == State.CURRENT && !reached) {
      state = State.BEHIND;
    }
    return state == State.BEHIND;
  }

  /** Takes the task to read the next page, which only one thread gets; false for all others. */
  synchronized boolean claim() {
    if (state != State.BEHIND) {
      return false;
    }
    state = State.READING;
    return true;
  }

  /** Where to read on; empty at the beginning. */
  synchronized Optional<SyncPoint> point() {
    return Optional.ofNullable(point);
  }

  /** The page couldn't be read. */
  synchronized void release() {
    state = State.BEHIND;
  }

  /**
   * Sends the page that was read.
   *
   * @param readOn called when the client has taken it and there is more
   */
  synchronized void send(EventPage page, Runnable readOn) {
    point = page.next();
    state = State.SENDING;
    EventConnection to = connection;
    if (to == null) {
      throw new IllegalStateException("A page for a stream that is not connected");
    }
    if (page.bytes().hasRemaining()) {
      to.send(page.bytes(), () -> sent(page, readOn));
    } else {
      sent(page, readOn);
    }
  }

  private void sent(EventPage page, Runnable readOn) {
    synchronized (this) {
      state = page.more() ? State.BEHIND : State.CURRENT;
      if (state == State.CURRENT && !greeted && connection != null) {
        greeted = true;
        connection.beat();
      }
    }
    if (page.more()) {
      readOn.run();
    }
  }

  synchronized void end() {
    if (connection != null) {
      connection.end();
    }
  }
}
