package dev.taskport.adapter.postgres.address;

import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/** Sets up pgjdbc for a URL, with properties that the URL doesn't give. */
public final class DriverDefaults {
  private final Properties inUrl;

  private DriverDefaults(Properties inUrl) {
    this.inUrl = inUrl;
  }

  /**
   * Gives the data source this URL, and those of the properties that are not in it.
   *
   * @param properties the driver's properties, by its names
   * @throws SQLException when the driver refuses a property
   */
  public static DriverDefaults apply(
      PGSimpleDataSource dataSource, String jdbcUrl, Map<?, ?> properties) throws SQLException {
    Properties inUrl = Driver.parseURL(jdbcUrl, null);
    if (inUrl == null) {
      throw new IllegalArgumentException("Not a URL of pgjdbc");
    }
    dataSource.setUrl(jdbcUrl);
    for (Map.Entry<?, ?> property : properties.entrySet()) {
      String name = String.valueOf(property.getKey());
      if (!inUrl.containsKey(name)) {
        dataSource.setProperty(name, String.valueOf(property.getValue()));
      }
    }
    return new DriverDefaults(inUrl);
  }

  /** Whether the URL gives this property. */
  public boolean isInUrl(PGProperty property) {
    return inUrl.containsKey(property.getName());
  }
}
