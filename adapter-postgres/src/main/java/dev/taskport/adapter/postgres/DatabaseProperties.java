package dev.taskport.adapter.postgres;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the service's connection pool (HikariCP) and driver (pgjdbc) are set up, as properties of
 * Micronaut's data source {@code default}.
 *
 * <p>Every wait has an end: 3 seconds for a connection from the pool, 10 for a statement (the
 * server is asked to cancel it then), 15 for a server that is silent. Nothing is set on a session,
 * so a pooler in transaction mode may stand in between, of any release. Statements in frequent use
 * become prepared statements of the server only on a connection that is known to lead to the server
 * itself, which each one is asked about when it is opened; {@code prepareThreshold} in the URL
 * decides instead, and above 0 wants a pooler that keeps prepared statements apart (PgBouncer from
 * 1.21 on with {@code max_prepared_statements}). Of several hosts the primary is used. An idle
 * service closes its connections after four minutes and sends nothing before, so that a database
 * which sleeps when idle falls asleep.
 *
 * <p>A parameter in the URL takes precedence over the driver's property here. A migration needs
 * longer than these times: it runs on a connection of its own.
 */
public final class DatabaseProperties {
  private DatabaseProperties() {}

  /**
   * The properties for this database.
   *
   * @param jdbcUrl what pgjdbc connects to
   * @param username the role to log in as; null leaves it to the driver
   * @param password the role's password; null leaves it to the driver
   * @param poolSize the most connections that are open at once, from 1
   */
  public static Map<String, Object> of(
      String jdbcUrl, @Nullable String username, @Nullable String password, int poolSize) {
    Map<String, Object> properties = new HashMap<>();
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
    // Below the five minutes after which Neon goes to sleep and most routers forget a connection.
    pool(properties, "idle-timeout", 240_000);
    pool(properties, "keepalive-time", 0);
    pool(properties, "connection-timeout", 3_000);
    // The driver's own way of asking whether a connection lives, after half a second without use.
    pool(properties, "automatic-validation-query", false);
    pool(properties, "validation-timeout", 1_000);
    // The pool comes up without the database, which may come later.
    pool(properties, "initialization-fail-timeout", -1);
    pool(properties, "exception-override-class-name", ConnectionEviction.class.getName());
    driver(properties, "ApplicationName", "taskport");
    driver(properties, "tcpKeepAlive", true);
    // Longer than the wait for the pool: a database that is waking up is there at the next try.
    driver(properties, "connectTimeout", 5);
    driver(properties, "loginTimeout", 10);
    driver(properties, "queryTimeout", 10);
    driver(properties, "cancelSignalTimeout", 2);
    driver(properties, "socketTimeout", 15);
    // The detail of an error holds the values of the row.
    driver(properties, "logServerErrorDetail", false);
    return properties;
  }

  /** A password may hold what the framework takes for a placeholder. */
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
