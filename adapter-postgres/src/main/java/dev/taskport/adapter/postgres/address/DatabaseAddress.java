package dev.taskport.adapter.postgres.address;

import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
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

  /** Opens connections to the primary without a pool, as a migration needs them. */
  public DataSource dataSource() {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setUrl(jdbcUrl);
    dataSource.setUser(username);
    dataSource.setPassword(password);
    dataSource.setApplicationName("taskport");
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
