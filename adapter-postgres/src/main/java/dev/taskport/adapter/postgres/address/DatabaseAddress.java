package dev.taskport.adapter.postgres.address;

import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where a PostgreSQL database is and who opens it.
 *
 * @param jdbcUrl what pgjdbc connects to: hosts, ports, database and properties, no credentials
 * @param username the role to log in as; null leaves it to the driver, which takes the name of the
 *     operating system's user
 * @param password the role's password; null leaves it to the driver, which looks into {@code
 *     ~/.pgpass}
 */
public record DatabaseAddress(
    String jdbcUrl, @Nullable String username, @Nullable String password) {

  /** Opens connections without a pool, to the primary, such as a migration needs. */
  public DataSource dataSource() {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setUrl(jdbcUrl);
    dataSource.setUser(username);
    dataSource.setPassword(password);
    dataSource.setApplicationName("taskport");
    // Of one server alone the migration itself says that it is a replica.
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
