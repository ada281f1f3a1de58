package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.address.ServerSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
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

  private final boolean urlDecides;
  private final AtomicBoolean told = new AtomicBoolean();

  /**
   * @param properties the driver's properties, by its names; those in the URL take precedence
   */
  PrimaryDataSource(String jdbcUrl, Map<?, ?> properties) throws SQLException {
    Properties inUrl = Driver.parseURL(jdbcUrl, null);
    if (inUrl == null) {
      throw new IllegalArgumentException("Not a URL of pgjdbc");
    }
    setUrl(jdbcUrl);
    for (Map.Entry<?, ?> property : properties.entrySet()) {
      String name = String.valueOf(property.getKey());
      if (!inUrl.containsKey(name)) {
        setProperty(name, String.valueOf(property.getValue()));
      }
    }
    urlDecides = inUrl.containsKey(PGProperty.PREPARE_THRESHOLD.getName());
    if (!urlDecides) {
      setPrepareThreshold(0);
    }
    setTargetServerType("primary");
  }

  @Override
  public Connection getConnection(@Nullable String user, @Nullable String password)
      throws SQLException {
    long beforeOpening = System.nanoTime();
    Connection connection = super.getConnection(user, password);
    try {
      setUp(connection, ServerSession.of(connection, beforeOpening));
      return connection;
    } catch (SQLException | RuntimeException e) {
      try (connection) {
        throw e;
      }
    }
  }

  private void setUp(Connection connection, ServerSession session) throws SQLException {
    if (session.direct() && !urlDecides) {
      connection.unwrap(PGConnection.class).setPrepareThreshold(PREPARE_THRESHOLD);
    }
    if (session.warns()) {
      return;
    }
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

  /** Does nothing: the driver has a login timeout of its own, which the pool would overwrite. */
  @Override
  public void setLoginTimeout(int seconds) {}
}
