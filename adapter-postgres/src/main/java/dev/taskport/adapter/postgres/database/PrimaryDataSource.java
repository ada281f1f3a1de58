package dev.taskport.adapter.postgres.database;

import dev.taskport.adapter.postgres.address.DriverDefaults;
import dev.taskport.adapter.postgres.address.ServerSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the pool's connections. They always lead to the primary, because a replica accepts no
 * writes and may lag behind. Server-side prepared statements are used only on a {@linkplain
 * ServerSession#direct direct} connection, or if the URL asks for them.
 */
final class PrimaryDataSource extends PGSimpleDataSource {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(PrimaryDataSource.class);

  /** The driver's default: a statement is prepared on the server from its fifth execution on. */
  private static final int PREPARE_THRESHOLD = 5;

  /**
   * For ever: {@link DeadlineWatch} ends what takes too long, also where a timeout of the socket
   * wouldn't, and a read without a timeout needs no timer. Logging in has one.
   */
  private static final int NO_SOCKET_TIMEOUT = 0;

  private final transient ConnectionAttempts attempts;
  private final transient DriverDefaults defaults;
  private final String jdbcUrl;
  private final transient Map<?, ?> properties;
  private final PGSimpleDataSource[] servers;
  private final AtomicBoolean told = new AtomicBoolean();

  /** The index of the server that was the primary the last time. */
  private volatile int primary;

  /**
   * @param properties the driver's properties, by its names; those in the URL take precedence
   */
  PrimaryDataSource(String jdbcUrl, Map<?, ?> properties, ConnectionAttempts attempts)
      throws SQLException {
    this.attempts = attempts;
    defaults = DriverDefaults.apply(this, jdbcUrl, properties);
    this.jdbcUrl = jdbcUrl;
    this.properties = properties;
    servers = new PGSimpleDataSource[getServerNames().length];
    for (int i = 0; i < servers.length; i++) {
      servers[i] = server(i);
    }
  }

  private PGSimpleDataSource server(int number) throws SQLException {
    PGSimpleDataSource server = new PGSimpleDataSource();
    DriverDefaults.apply(server, jdbcUrl, properties);
    server.setServerNames(new String[] {getServerNames()[number]});
    server.setPortNumbers(new int[] {getPortNumbers()[number]});
    server.setTargetServerType("primary");
    if (!defaults.isInUrl(PGProperty.PREPARE_THRESHOLD)) {
      server.setPrepareThreshold(0);
    }
    return server;
  }

  /**
   * Opens one to the server that was the primary the last time, over a socket of this factory.
   *
   * @throws SQLFeatureNotSupportedException when it leads through a pooler, or the URL has a
   *     factory of its own
   */
  Connection openBy(
      String socketFactory, String argument, @Nullable String user, @Nullable String password)
      throws SQLException {
    if (defaults.isInUrl(PGProperty.SOCKET_FACTORY)
        || defaults.isInUrl(PGProperty.LOCAL_SOCKET_ADDRESS)) {
      throw new SQLFeatureNotSupportedException("The URL says which sockets to use");
    }
    PGSimpleDataSource server = server(primary);
    server.setSocketFactory(socketFactory);
    server.setSocketFactoryArg(argument);
    long beforeOpening = System.nanoTime();
    Connection connection = server.getConnection(user, password);
    try {
      ServerSession session = ServerSession.of(connection, beforeOpening);
      if (!session.direct()) {
        throw new SQLFeatureNotSupportedException("It leads through a pooler");
      }
      if (!session.warns()) {
        letWarn(connection, session);
      }
      return connection;
    } catch (SQLException | RuntimeException e) {
      try (connection) {
        throw e;
      }
    }
  }

  /** Each attempt is at the next server: one that is silent must not keep the others waiting. */
  @Override
  public Connection getConnection(@Nullable String user, @Nullable String password)
      throws SQLException {
    int first = primary;
    return attempts.open(number -> open((first + number) % servers.length, user, password));
  }

  private Connection open(int server, @Nullable String user, @Nullable String password)
      throws SQLException {
    long beforeOpening = System.nanoTime();
    Connection connection = servers[server].getConnection(user, password);
    try {
      setUp(connection, ServerSession.of(connection, beforeOpening));
      primary = server;
      return connection;
    } catch (SQLException | RuntimeException e) {
      try (connection) {
        throw e;
      }
    }
  }

  private void setUp(Connection connection, ServerSession session) throws SQLException {
    if (session.direct() && !defaults.isInUrl(PGProperty.PREPARE_THRESHOLD)) {
      connection.unwrap(PGConnection.class).setPrepareThreshold(PREPARE_THRESHOLD);
    }
    if (!session.warns()) {
      letWarn(connection, session);
    }
    if (!defaults.isInUrl(PGProperty.SOCKET_TIMEOUT)) {
      connection.setNetworkTimeout(Runnable::run, NO_SOCKET_TIMEOUT);
    }
  }

  private void letWarn(Connection connection, ServerSession session) throws SQLException {
    if (session.direct()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET client_min_messages = warning");
      }
    } else if (!told.getAndSet(true)) {
      LOG.warn(
          "client_min_messages=error hides the server's warnings from Taskport: a change whose wait"
              + " for a synchronous standby is cut short would be confirmed all the same. Set it"
              + " back (ALTER ROLE … RESET client_min_messages)");
    }
  }

  /** Does nothing: the driver's own timeouts hold, which the pool would overwrite. */
  @Override
  public void setLoginTimeout(int seconds) {}

  /** For the pool, which waits so long for a connection that is being opened when it is closed. */
  @Override
  public int getLoginTimeout() {
    return 2;
  }
}
