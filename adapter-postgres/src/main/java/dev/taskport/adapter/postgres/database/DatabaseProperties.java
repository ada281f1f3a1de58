package dev.taskport.adapter.postgres.database;

import dev.taskport.adapter.postgres.address.KeepAliveSocketFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the service's connection pool (HikariCP) and driver (pgjdbc) are set up, as properties of
 * Micronaut's data source {@code default}.
 *
 * <p>A call has a deadline, by which it has its answer or has failed, whatever the database does:
 * the given timeout, or ten seconds for searches and counts. The server is then asked to cancel the
 * statement. No session settings are used, so a pooler in transaction mode, of any release, works.
 * Frequent statements become server-side prepared statements only on a direct connection to the
 * server; each connection is checked when it is opened. {@code prepareThreshold} in the URL
 * overrides this; a value above 0 needs a pooler that supports prepared statements (PgBouncer from
 * 1.21 on with {@code max_prepared_statements}). Of several hosts, the primary is used. An idle
 * service closes its connections after four minutes and sends nothing before that but TCP
 * keepalives, so a database that suspends itself when idle can do so.
 *
 * <p>A parameter in the URL takes precedence over the driver's property here. A migration needs
 * more time than that, so it uses a connection of its own.
 */
public final class DatabaseProperties {
  private DatabaseProperties() {}

  /**
   * The properties for this database.
   *
   * @param jdbcUrl the database's URL for pgjdbc
   * @param username the role to log in as; null leaves it to the driver
   * @param password the role's password; null leaves it to the driver
   * @param poolSize the maximum number of open connections, at least 1
   * @param timeout the time in which a call succeeds or fails, searches and counts excepted
   * @param batches whether calls that wait at the same time may share a statement
   */
  public static Map<String, Object> of(
      String jdbcUrl,
      @Nullable String username,
      @Nullable String password,
      int poolSize,
      Duration timeout,
      boolean batches) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("taskport.database.timeout", timeout);
    properties.put("taskport.batches.on", batches);
    pool(properties, "url", literal(jdbcUrl));
    if (username != null) {
      pool(properties, "username", literal(username));
    }
    if (password != null) {
      pool(properties, "password", literal(password));
    }
    pool(properties, "pool-name", "taskport");
    pool(properties, "maximum-pool-size", poolSize);
    pool(properties, "minimum-idle", 0);
    // Less than five minutes, after which Neon suspends and most routers drop a connection.
    pool(properties, "idle-timeout", 240_000);
    pool(properties, "keepalive-time", 0);
    // A call waits as often as its deadline allows.
    pool(properties, "connection-timeout", Statements.POOL_PATIENCE_MS);
    // Before a connection is used after half a second without use. The pool uses the timeout to the
    // millisecond only with a query of its own.
    pool(properties, "connection-test-query", "SELECT 1");
    pool(properties, "automatic-validation-query", false);
    pool(properties, "validation-timeout", 450);
    // The pool starts even if the database isn't up yet.
    pool(properties, "initialization-fail-timeout", -1);
    pool(properties, "exception-override-class-name", ConnectionEviction.class.getName());
    driver(properties, "ApplicationName", "taskport");
    driver(properties, "tcpKeepAlive", true);
    driver(properties, "socketFactory", KeepAliveSocketFactory.class.getName());
    driver(properties, "connectTimeout", 5);
    // While logging in. A database that is waking up is ready for one of the next attempts.
    driver(properties, "socketTimeout", 5);
    driver(properties, "cancelSignalTimeout", 2);
    // An error's detail contains the values of the row.
    driver(properties, "logServerErrorDetail", false);
    return properties;
  }

  /** Escapes placeholders of the framework, which a password may contain. */
  private static String literal(String value) {
    return value.replace("${", "${taskport.no-such-property:$}{");
  }

  private static void pool(Map<String, Object> properties, String name, Object value) {
    properties.put("datasources.default." + name, value);
  }

  private static void driver(Map<String, Object> properties, String name, Object value) {
    properties.put("datasources.default.data-source-properties." + name, value.toString());
  }
}
