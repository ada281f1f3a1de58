package dev.taskport.adapter.postgres.address;

import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The address of a PostgreSQL database and the credentials for it.
 *
 * @param jdbcUrl the URL for pgjdbc: hosts, ports, database and properties, no credentials
 * @param username the role to log in as; null leaves it to the driver, which takes the name of the
 *     operating system's user
 * @param password the role's password; null leaves it to the driver, which looks into {@code
 *     ~/.pgpass}
 */
public record DatabaseAddress(
    String jdbcUrl, @Nullable String username, @Nullable String password) {

  /**
   * What a migration's connections are: kept alive while the server works in silence for as long as
   * it needs, but given up when the server doesn't take them.
   */
  private static final Map<String, String> DRIVER =
      Map.of(
          PGProperty.APPLICATION_NAME.getName(), "taskport",
          PGProperty.TCP_KEEP_ALIVE.getName(), "true",
          PGProperty.SOCKET_FACTORY.getName(), KeepAliveSocketFactory.class.getName(),
          PGProperty.LOGIN_TIMEOUT.getName(), "10");

  /** Opens connections to the primary without a pool, as a migration needs them. */
  public DataSource dataSource() {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    try {
      DriverDefaults.apply(dataSource, jdbcUrl, DRIVER);
    } catch (SQLException e) {
      throw new IllegalArgumentException("The driver can't be set up: " + e.getMessage(), e);
    }
    dataSource.setUser(username);
    dataSource.setPassword(password);
    // For a single server, the migration itself reports that it is a replica.
    if (dataSource.getServerNames().length > 1) {
      dataSource.setTargetServerType("primary");
    }
    return dataSource;
  }

  /** The servers, each as {@code host:port}, separated by commas. */
  public String hosts() {
    return jdbcUrl.replaceFirst("^jdbc:postgresql://([^/?]*).*", "$1");
  }

  /** The URL and the user, for logs; never the password. */
  @Override
  public String toString() {
    return username == null ? jdbcUrl : jdbcUrl + " as " + username;
  }
}
