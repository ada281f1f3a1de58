package dev.taskport.adapter.postgres.database;

import com.zaxxer.hikari.HikariDataSource;
import dev.taskport.adapter.postgres.database.StoreTraces.OpenSpan;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.StoreUnavailableException.Reason;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs single SQL statements in auto-commit mode: each is one transaction and one round trip.
 *
 * <p>A call ends at its deadline, whatever the database does. Until then a statement is repeated if
 * it certainly changed nothing: there was no connection for it, the server rolled it back because
 * of concurrent ones, or is no longer the primary. After a connection was lost, only what may run
 * twice is repeated. Thread-safe.
 */
@Singleton
public final class Statements {
  /** How long the pool lets a statement wait for a connection at once; its least. */
  static final int POOL_PATIENCE_MS = 250;

  private static final Logger LOG = LoggerFactory.getLogger(Statements.class);

  private static final int LONGEST_PAUSE_MS = 32;

  private static final long SIGN_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private static final long GIVE_UP_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What searches, counts and the like have. */
  private static final Duration LONG = Duration.ofSeconds(10);

  private final HikariDataSource pool;
  private final FurtherConnections further;
  private final DiskSpace disk;
  private final ConnectionAttempts attempts;
  private final DeadlineWatch watch;
  private final SchemaReadiness schema;
  private final Repetitions repetitions;
  private final @Nullable StoreTraces traces;
  private final Duration timeout;
  private final Semaphore connections;
  private final ThreadLocal<@Nullable Call> calls = new ThreadLocal<>();
  private final AtomicLong lastGivenUp = new AtomicLong(System.nanoTime() - GIVE_UP_INTERVAL_NANOS);
  private volatile long lastAnswer = System.nanoTime();
  private volatile long lastSignOfLife = System.nanoTime();

  /**
   * @param timeout the time of a call that isn't a long one
   */
  Statements(
      DataSource dataSource,
      FurtherConnections further,
      DiskSpace disk,
      ConnectionAttempts attempts,
      DeadlineWatch watch,
      @Nullable SchemaReadiness schema,
      Repetitions repetitions,
      @Nullable StoreTraces traces,
      @Value("${taskport.database.timeout:2s}") Duration timeout,
      @Value("${datasources.default.maximum-pool-size}") int poolSize) {
    this.pool = (HikariDataSource) dataSource;
    this.further = further;
    this.disk = disk;
    this.attempts = attempts;
    this.watch = watch;
    this.schema = schema == null ? SchemaReadiness.ready() : schema;
    this.repetitions = repetitions;
    this.traces = traces;
    this.timeout = timeout;
    connections = new Semaphore(poolSize, true);
  }

  /** What is done over a connection. */
  @FunctionalInterface
  private interface Work<R> {
    R on(Connection connection) throws SQLException;
  }

  /** Reads the current row of a result set. */
  @FunctionalInterface
  public interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** An argument that is an SQL array with this element type. */
  public record ArrayOf(String type, List<? extends @Nullable Object> elements) {

    /** In the type that the driver knows: it sends texts as they are, and bytes only so. */
    private @Nullable Object[] toArray() {
      return switch (type) {
        case "text" -> elements.toArray(String[]::new);
        case "bytea" -> elements.toArray(byte[][]::new);
        default -> elements.toArray();
      };
    }
  }

  /**
   * Runs a statement and returns its rows.
   *
   * @throws StoreUnavailableException when the database can't answer now, or committed a change
   *     without the confirmation of its synchronous standby
   * @throws IllegalStateException when a pooler mixed up prepared statements
   * @throws StatementException when the database refuses the statement
   */
  public <T> List<T> query(
      String sql, List<? extends @Nullable Object> arguments, RowReader<T> reader) {
    return run(sql, Repeat.UNDONE, rows(sql, arguments, () -> {}, reader));
  }

  /**
   * Runs a statement once, for several callers.
   *
   * @param answered is run when the server has answered, before the rows are read
   * @throws NotDoneException when it has certainly changed nothing
   * @throws StoreUnavailableException when nobody knows whether it did, or the synchronous standby
   *     did not confirm it
   */
  public <T> List<T> once(
      String sql,
      List<? extends @Nullable Object> arguments,
      Runnable answered,
      RowReader<T> reader) {
    AtomicBoolean sent = new AtomicBoolean();
    Work<List<T>> rows = rows(sql, arguments, answered, reader);
    try {
      return run(
          sql,
          Repeat.NEVER,
          connection -> {
            sent.set(true);
            return rows.on(connection);
          });
    } catch (RuntimeException e) {
      if (!sent.get() || isAnswer(e)) {
        throw new NotDoneException(e);
      }
      throw e;
    }
  }

  /**
   * Like {@link #query}, for a statement that may run twice: one that changes nothing, or the same
   * as before.
   */
  public <T> List<T> repeatable(
      String sql, List<? extends @Nullable Object> arguments, RowReader<T> reader) {
    return run(sql, Repeat.ALWAYS, rows(sql, arguments, () -> {}, reader));
  }

  private static <T> Work<List<T>> rows(
      String sql,
      List<? extends @Nullable Object> arguments,
      Runnable answered,
      RowReader<T> reader) {
    return connection -> {
      try (PreparedStatement statement = prepare(connection, sql, arguments);
          ResultSet rows = statement.executeQuery()) {
        answered.run();
        List<T> results = new ArrayList<>();
        while (rows.next()) {
          results.add(reader.read(rows));
        }
        requireConfirmation(statement);
        return results;
      }
    };
  }

  /** Like {@link #query}, for a statement that returns no rows: returns how many rows it wrote. */
  public int update(String sql, List<? extends @Nullable Object> arguments) {
    return run(
        sql,
        Repeat.UNDONE,
        connection -> {
          try (PreparedStatement statement = prepare(connection, sql, arguments)) {
            int written = statement.executeUpdate();
            requireConfirmation(statement);
            return written;
          }
        });
  }

  /**
   * Checks that the server answers in this time, or in that of a call if it is shorter. If all
   * connections stay in use for half of it, the check is that the server accepts a further one.
   *
   * @throws StoreUnavailableException when it doesn't answer
   */
  void ping(Duration time) {
    Duration shorter = time.compareTo(timeout) < 0 ? time : timeout;
    var unused =
        within(
            shorter,
            () -> {
              Call call = Objects.requireNonNull(calls.get());
              if (!hasTurn(call.deadline.remainingMs() / 2)) {
                return connect();
              }
              connections.release();
              return repeatable("SELECT 1", List.of(), row -> true);
            });
  }

  private boolean connect() {
    long asked = System.nanoTime();
    attempts.wanted();
    try (Connection further =
        pool.getDataSource().getConnection(pool.getUsername(), pool.getPassword())) {
      lastSignOfLife = System.nanoTime();
      return further != null;
    } catch (SQLException e) {
      throw noConnection(asked, e);
    }
  }

  /** Whether the database has carried out a statement since this {@link System#nanoTime()}. */
  boolean answeredSince(long nanoTime) {
    return lastAnswer - nanoTime > 0;
  }

  /** Runs a call of several statements, which together have the time of one. */
  public <R> R call(Supplier<R> call) {
    return within(timeout, call);
  }

  /** When a call that begins now must be over. */
  public Deadline nextDeadline() {
    return Deadline.in(timeout);
  }

  /** Runs a call that takes long by its nature: it has ten seconds, if others don't have more. */
  public <R> R longCall(Supplier<R> call) {
    return within(timeout.compareTo(LONG) < 0 ? LONG : timeout, call);
  }

  /**
   * Runs work whose statements share one turn at the pool's connections, once it has come.
   *
   * @throws StoreUnavailableException when the turn doesn't come in time
   */
  public <R> R inTurn(Supplier<R> work) {
    Call call = calls.get();
    if (call == null) {
      return call(() -> inTurn(work));
    }
    if (call.hasConnection) {
      return work.get();
    }
    awaitTurn(call.deadline);
    call.hasConnection = true;
    try {
      return work.get();
    } finally {
      call.hasConnection = false;
      connections.release();
    }
  }

  /** Whether this thread is in a turn. */
  public boolean isInTurn() {
    Call call = calls.get();
    return call != null && call.hasConnection;
  }

  /**
   * When the call that this thread is in must be over.
   *
   * @throws IllegalStateException outside of a call
   */
  public Deadline deadline() {
    Call call = calls.get();
    if (call == null) {
      throw new IllegalStateException("There is no call");
    }
    return call.deadline;
  }

  private <R> R within(Duration time, Supplier<R> work) {
    return calls.get() != null ? work.get() : callUntil(Deadline.in(time), work);
  }

  /** Runs a call that must be over at this time, on a thread that is in none. */
  public <R> R callUntil(Deadline deadline, Supplier<R> work) {
    calls.set(new Call(deadline));
    try {
      return work.get();
    } finally {
      calls.remove();
    }
  }

  private <R> R run(String sql, Repeat repeat, Work<R> work) {
    schema.require();
    return inTurn(() -> attempt(sql, deadline(), repeat, work));
  }

  /** Waits, in the order of arrival, until the pool has a connection left or may open one. */
  private void awaitTurn(Deadline deadline) {
    long asked = System.nanoTime();
    if (hasTurn(deadline.remainingMs())) {
      return;
    }
    // The statements before this one are cancelled about now: the server answers that, or is away.
    while (lastSignOfLife - asked <= 0 && !deadline.isOver()) {
      LockSupport.parkNanos(SIGN_INTERVAL_NANOS);
    }
    if (lastSignOfLife - asked > 0) {
      throw new StoreUnavailableException(
          Reason.BUSY,
          "The database is too busy: all connections were in use",
          new TimeoutException());
    }
    throw noConnection(asked, new TimeoutException());
  }

  private boolean hasTurn(long patienceMs) {
    try {
      return connections.tryAcquire(patienceMs, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException("Interrupted while waiting for a connection", e);
    }
  }

  private <R> R execute(Deadline deadline, Work<R> work) {
    Connection connection;
    try {
      connection = pool.getConnection();
    } catch (SQLException e) {
      throw new NoConnectionException(e);
    }
    try {
      return watched(connection, deadline, work);
    } catch (SQLException e) {
      throw new StatementException(e);
    } finally {
      giveBack(connection);
    }
  }

  /** What is done is done, even if the connection breaks now. */
  private static void giveBack(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("A connection broke after its last statement", e);
    }
  }

  private <R> R traced(StoreTraces traces, String sql, Deadline deadline, Work<R> work) {
    try (OpenSpan span = traces.statement(sql)) {
      try {
        return execute(deadline, work);
      } catch (RuntimeException e) {
        if (span != null) {
          span.failed(e instanceof StatementException failure ? failure.state() : null, e);
        }
        throw e;
      }
    }
  }

  private <R> R attempt(String sql, Deadline deadline, Repeat repeat, Work<R> work) {
    int pause = 1;
    long asked = System.nanoTime();
    while (true) {
      attempts.wanted();
      try {
        R result = traces == null ? execute(deadline, work) : traced(traces, sql, deadline, work);
        lastAnswer = System.nanoTime();
        lastSignOfLife = lastAnswer;
        return result;
      } catch (NoConnectionException e) {
        if (deadline.remainingMs() < POOL_PATIENCE_MS
            || pool.isClosed()
            || Thread.currentThread().isInterrupted()) {
          throw noConnection(asked, e);
        }
        // The one that it tried was dead without a word: so may be the others.
        if (pool.getHikariPoolMXBean().getIdleConnections() > 0) {
          giveUpConnections();
        }
        repetitions.count(Repetitions.Reason.NO_CONNECTION);
      } catch (StatementException e) {
        String state = e.state();
        disk.failed(state);
        boolean lost = SqlStates.meansLostConnection(state) && !isMismatch(e);
        if (SqlStates.READ_ONLY.equals(state)) {
          further.giveUp();
        }
        if (lost) {
          giveUpConnections();
        } else {
          lastSignOfLife = System.nanoTime();
        }
        boolean undone = SqlStates.meansConflict(state) || SqlStates.READ_ONLY.equals(state);
        boolean mayRepeat =
            switch (repeat) {
              case NEVER -> false;
              case UNDONE -> undone;
              case ALWAYS -> undone || lost;
            };
        if (!mayRepeat || deadline.remainingMs() < pause) {
          throw lost && deadline.isOver()
              ? new StoreUnavailableException("The database did not answer in time", e)
              : translated(e, state);
        }
        repetitions.count(
            lost
                ? Repetitions.Reason.LOST
                : SqlStates.READ_ONLY.equals(state)
                    ? Repetitions.Reason.READ_ONLY
                    : Repetitions.Reason.CONFLICT);
        pause(pause);
        pause = Math.min(LONGEST_PAUSE_MS, 2 * pause);
      }
    }
  }

  /**
   * Where there is one dead connection there are mostly more; those in use are closed later. Not
   * again at once: the others that fail now are as old, and the new ones are good.
   */
  private void giveUpConnections() {
    long now = System.nanoTime();
    long last = lastGivenUp.get();
    if (now - last > GIVE_UP_INTERVAL_NANOS && lastGivenUp.compareAndSet(last, now)) {
      pool.getHikariPoolMXBean().softEvictConnections();
      further.giveUp();
    }
  }

  private <R> R watched(Connection connection, Deadline deadline, Work<R> work)
      throws SQLException {
    DeadlineWatch.Watched watched = watch.watch(connection, deadline);
    boolean leftAlone = false;
    try {
      R result = work.on(connection);
      leftAlone = watched.done();
      return result;
    } finally {
      if (!leftAlone && !watched.done()) {
        // The request to cancel may arrive only now, and would hit the next statement.
        pool.evictConnection(connection);
      }
    }
  }

  /** Of different lengths, so that those who met don't meet again. */
  private static void pause(int mostMs) {
    LockSupport.parkNanos(
        ThreadLocalRandom.current().nextLong(TimeUnit.MILLISECONDS.toNanos(mostMs)));
  }

  /** A server that answers others and refuses no connection is only slow to open one. */
  private StoreUnavailableException noConnection(long asked, Exception e) {
    SQLException cause = attempts.lastFailure();
    boolean busy =
        cause == null ? lastSignOfLife - asked > 0 : SqlStates.meansBusy(cause.getSQLState());
    String message = "No connection to the database" + (cause == null ? "" : ": " + words(cause));
    return new StoreUnavailableException(busy ? Reason.BUSY : Reason.UNREACHABLE, message, e);
  }

  private static String words(SQLException failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return String.valueOf(cause.getMessage());
  }

  /** Whether the server answered that it rolled the statement back. */
  private static boolean isAnswer(RuntimeException e) {
    Throwable failure = e instanceof StatementException ? e : e.getCause();
    return failure instanceof StatementException answer
        && answer.getCause() instanceof PSQLException cause
        && cause.getServerErrorMessage() != null
        && (!SqlStates.meansLostConnection(cause.getSQLState()) || isMismatch(answer));
  }

  private static boolean isMismatch(StatementException e) {
    return SqlStates.meansMismatch(e.getCause());
  }

  private static RuntimeException translated(StatementException e, @Nullable String state) {
    if (isMismatch(e)) {
      return new IllegalStateException(
          "A connection pooler mixes up prepared statements (SQLSTATE "
              + state
              + "): take prepareThreshold out of DATABASE_URL, or set it to 0",
          e);
    }
    if (SqlStates.meansFullDisk(state)) {
      return new StoreUnavailableException(Reason.FULL, "The database's disk is full", e);
    }
    if (SqlStates.meansBusy(state)) {
      return new StoreUnavailableException(
          Reason.BUSY, "The database is too busy (SQLSTATE " + state + ")", e);
    }
    if (SqlStates.meansUnavailable(state)) {
      return new StoreUnavailableException(
          "The database can't answer now (SQLSTATE " + state + ")", e);
    }
    return e;
  }

  /** When a statement that failed runs again. */
  private enum Repeat {
    NEVER,
    /** If it was rolled back because of concurrent ones, or the server is no longer the primary. */
    UNDONE,
    /** Also if nobody knows whether it was carried out. */
    ALWAYS
  }

  /** A call on its way, known to its thread only. */
  private static final class Call {
    private final Deadline deadline;
    private boolean hasConnection;

    private Call(Deadline deadline) {
      this.deadline = deadline;
    }
  }

  /**
   * PostgreSQL only warns when the wait for a synchronous standby is cancelled. The change is
   * committed, but is lost if the standby takes over now.
   */
  private static void requireConfirmation(PreparedStatement statement) throws SQLException {
    for (SQLWarning warning = statement.getWarnings();
        warning != null;
        warning = warning.getNextWarning()) {
      if (SqlStates.meansUnconfirmed(warning)) {
        throw new StoreUnavailableException("The standby has not confirmed the change", warning);
      }
    }
  }

  private static PreparedStatement prepare(
      Connection connection, String sql, List<? extends @Nullable Object> arguments)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int i = 0; i < arguments.size(); i++) {
        Object argument = arguments.get(i);
        if (argument instanceof ArrayOf array) {
          statement.setArray(i + 1, connection.createArrayOf(array.type(), array.toArray()));
        } else if (argument instanceof String || argument instanceof Boolean) {
          // Without a declared type, as null is: when types change from call to call, the driver
          // has the statement parsed anew each time. A time alone may change: once is enough.
          statement.setObject(i + 1, argument, Types.OTHER);
        } else {
          statement.setObject(i + 1, argument);
        }
      }
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }
}
