package dev.taskport.adapter.postgres.database;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections for the pool, and doesn't stop trying while somebody waits for one: so the
 * pool's own pause between two attempts, which grows to five seconds, never begins. A failed
 * attempt is followed by the next within a quarter of a second; an attempt that gets no answer is
 * joined by another one, because the server may be back while the first still waits. Thread-safe.
 */
@Singleton
final class ConnectionAttempts {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionAttempts.class);

  private static final long SILENCE_MS = 700;
  private static final long FIRST_PAUSE_MS = 25;
  private static final long LONGEST_PAUSE_MS = 250;

  /** Between attempts that the server refused for a reason which passes only by somebody's hand. */
  private static final long REFUSED_PAUSE_MS = 1_000;

  private static final int MOST_AT_ONCE = 8;

  /** How long after the last call that waited for a connection it goes on. */
  private static final long INTEREST_MS = 1_000;

  private volatile long lastWanted = System.nanoTime();
  private volatile @Nullable SQLException lastFailure;
  private volatile boolean closed;

  /** Opens one connection; the number tells which attempt it is, from 0 on. */
  @FunctionalInterface
  interface Attempt {
    Connection open(int number) throws SQLException;
  }

  /** Records that a call waits for a connection. */
  void wanted() {
    lastWanted = System.nanoTime();
  }

  /** Why the last attempt failed; null if it succeeded. */
  @Nullable SQLException lastFailure() {
    return lastFailure;
  }

  /**
   * Opens a connection.
   *
   * @throws SQLException when nobody waits for it any longer
   */
  Connection open(Attempt attempt) throws SQLException {
    try (Round round = new Round(attempt)) {
      return round.run();
    }
  }

  @PreDestroy
  void close() {
    closed = true;
  }

  private boolean isWanted() {
    return !closed && sinceMs(lastWanted) < INTEREST_MS;
  }

  private static long sinceMs(long nanoTime) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
  }

  /** What came of an attempt: one of the two. */
  private record Outcome(@Nullable Connection connection, @Nullable SQLException failure) {}

  /** The attempts for one connection. */
  private final class Round implements AutoCloseable {
    private final Attempt attempt;
    private final LinkedBlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    private boolean over;

    Round(Attempt attempt) {
      this.attempt = attempt;
    }

    Connection run() throws SQLException {
      long started = System.nanoTime();
      long nextMs = 0;
      long pauseMs = FIRST_PAUSE_MS;
      int launched = 0;
      int pending = 0;
      while (true) {
        if (sinceMs(started) >= nextMs && pending < MOST_AT_ONCE) {
          launch(launched++);
          pending++;
          nextMs = sinceMs(started) + SILENCE_MS;
        }
        Outcome outcome = await(Math.max(1, nextMs - sinceMs(started)));
        if (outcome != null && outcome.connection() != null) {
          lastFailure = null;
          return outcome.connection();
        }
        if (outcome != null && outcome.failure() != null) {
          pending--;
          lastFailure = outcome.failure();
          boolean refused = SqlStates.meansRefusedLogin(outcome.failure().getSQLState());
          nextMs = sinceMs(started) + (refused ? REFUSED_PAUSE_MS : pauseMs);
          pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
        } else {
          lastFailure = new SQLTransientConnectionException("it does not answer", "08001");
        }
        if (!isWanted()) {
          throw lastFailure;
        }
      }
    }

    private void launch(int number) {
      Thread thread = new Thread(() -> attemptOnce(number), "database-connection");
      thread.setDaemon(true);
      thread.start();
    }

    private void attemptOnce(int number) {
      Outcome outcome;
      try {
        outcome = new Outcome(attempt.open(number), null);
      } catch (SQLException e) {
        outcome = new Outcome(null, e);
      } catch (RuntimeException e) {
        outcome = new Outcome(null, new SQLException(e));
      }
      add(outcome);
    }

    private synchronized void add(Outcome outcome) {
      if (over) {
        discard(outcome);
      } else {
        outcomes.add(outcome);
      }
    }

    private @Nullable Outcome await(long ms) throws SQLException {
      try {
        return outcomes.poll(ms, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SQLException("Interrupted", e);
      }
    }

    @Override
    public synchronized void close() {
      over = true;
      outcomes.forEach(Round::discard);
    }

    private static void discard(Outcome outcome) {
      Connection connection = outcome.connection();
      if (connection != null) {
        try {
          connection.close();
        } catch (SQLException e) {
          LOG.debug("A superfluous connection could not be closed", e);
        }
      }
    }
  }
}
