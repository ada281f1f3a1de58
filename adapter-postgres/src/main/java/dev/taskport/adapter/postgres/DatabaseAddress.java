package dev.taskport.adapter.postgres;

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

  /**
   * Reads a database URL in any of the forms that people have:
   *
   * <ul>
   *   <li>{@code postgresql://} and {@code postgres://}, as libpq, psql and Neon write it, also
   *       behind {@code psql} and in quotes;
   *   <li>{@code postgresql+asyncpg://} or another driver's name behind the plus, as SQLAlchemy
   *       writes it;
   *   <li>{@code jdbc:postgresql://}, with the user and the password as parameters or in front of
   *       the host.
   * </ul>
   *
   * <p>What is left out is as in libpq, except that the host is {@code localhost} over TCP: the
   * port is 5432, the database has the user's name. Several hosts are separated by commas and tried
   * in order. Percent-encoding counts everywhere. A plus is a plus, except in a {@code jdbc:} URL's
   * database name and parameters other than user and password, where it is a space, as in pgjdbc.
   *
   * <p>A password may hold {@code @}, or any of {@code / ? #}, as it is; if it holds both, or a
   * {@code %}, they must be percent-encoded.
   *
   * <p>Parameters may have libpq's names or pgjdbc's, upper or lower case, and are translated to
   * what pgjdbc knows; {@code DriverParameters} lists them. A parameter that would have no effect,
   * a value that is out of its choices, and a parameter given twice are refused: none that concerns
   * security is ever dropped. {@code sslmode} stays as given, pgjdbc's {@code prefer} when absent.
   *
   * @throws DatabaseAddressException if the URL can't be used
   */
  public static DatabaseAddress parse(String url) {
    return DatabaseUrl.parse(url);
  }

  /** Opens connections without a pool, such as {@link Migrations} needs. */
  public DataSource dataSource() {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setUrl(jdbcUrl);
    dataSource.setUser(username);
    dataSource.setPassword(password);
    dataSource.setApplicationName("taskport");
    return dataSource;
  }

  /** The URL and the user, for logs; never the password. */
  @Override
  public String toString() {
    return username == null ? jdbcUrl : jdbcUrl + " as " + username;
  }
}
