package dev.taskport.adapter.postgres.database;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends statements at their deadline: asks the server to cancel them, and closes the connection of
 * those that are not answered even then. This bounds the reading and the writing of a socket alike.
 * Thread-safe.
 */
@Singleton
final class DeadlineWatch {
  private static final Logger LOG = LoggerFactory.getLogger(DeadlineWatch.class);

  private static final Duration INTERVAL = Duration.ofMillis(20);

  private final Set<Watched> running = ConcurrentHashMap.newKeySet();

  // Each request to cancel opens a connection, and a closed TLS connection says goodbye: both may
  // take their time with a server that is silent.
  private final ExecutorService threads =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          work -> daemon(work, "database-cancel"),
          new ThreadPoolExecutor.DiscardPolicy());

  private final Lookout lookout = Lookout.begin("database-deadline", INTERVAL, this::look);

  /** Watches the statement that runs on this connection next, until it is {@link Watched#done}. */
  Watched watch(Connection connection, Deadline deadline) throws SQLException {
    Watched watched = new Watched(connection.unwrap(PgConnection.class), deadline);
    running.add(watched);
    lookout.wake();
    return watched;
  }

  private boolean look() {
    running.forEach(Watched::look);
    return !running.isEmpty();
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  @PreDestroy
  void close() {
    lookout.close();
    threads.shutdown();
  }

  /** A statement. */
  final class Watched {
    private final PgConnection connection;
    private final Deadline deadline;
    private boolean done;
    private boolean cancelled;
    private boolean aborted;

    private Watched(PgConnection connection, Deadline deadline) {
      this.connection = connection;
      this.deadline = deadline;
    }

    private synchronized void look() {
      if (done) {
        return;
      }
      if (!cancelled && deadline.isNear()) {
        threads.execute(this::cancel);
        cancelled = true;
      }
      if (!aborted && deadline.isOver()) {
        threads.execute(this::abort);
        aborted = true;
      }
    }

    private void cancel() {
      try {
        connection.cancelQuery();
      } catch (SQLException e) {
        LOG.debug("A statement could not be cancelled", e);
      }
    }

    private void abort() {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        LOG.debug("A connection could not be closed", e);
      }
    }

    /**
     * Ends the watch.
     *
     * @return whether the statement was left alone; if not, its connection must not be used again
     */
    synchronized boolean done() {
      done = true;
      running.remove(this);
      return !cancelled;
    }
  }
}
