package dev.taskport.adapter.postgres.address;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.taskport.fuzz.ParserFuzzContract;
import java.util.List;
import java.util.Properties;
import org.postgresql.Driver;

/** Any text as a database URL: refused without its secrets, or read by the driver as meant. */
class DatabaseUrlFuzzTest implements ParserFuzzContract {
  private static final String SECRET = "s3cret";

  @Override
  public List<String> seeds() {
    return List.of(
        "",
        "postgresql://u:s3cret@h:5433/db?sslmode=require&channel_binding=require",
        "postgres://u:s3cr@et/s3cret@h/db",
        "postgresql+asyncpg://u:%73%33cret@h1:1,h2:2/db?ssl=true",
        "jdbc:postgresql://h/db?user=u&password=s3cret&loggerLevel=OFF",
        "jdbc:postgresql:db",
        "psql 'postgresql://u:s3cret@[::1%25eth0]:1/a%2Fb?options=-c%20x'",
        "postgresql://u:s3cret@h/db?s3cret=1&host=%2Ftmp",
        "postgresql://u:s3cret@h:99999/db",
        "postgresql://u:s3cret%@h/db",
        "postgresql:///?host=a&host=b&port=1,2&sslrootcert=system",
        "postgresql://h/db?connect_timeout=x&keepalives=1&target_session_attrs=any",
        "postgresql://u:s3cret@/db?pgbouncer=true&statement_cache_size=0&application_name=a+b");
  }

  @Override
  public void parse(byte[] input) {
    DatabaseAddress address;
    try {
      address = DatabaseUrl.parse(new String(input, UTF_8));
    } catch (DatabaseAddressException e) {
      assertFalse(String.valueOf(e.getMessage()).contains(SECRET), "The message tells the secret");
      return;
    }
    assertNotNull(Driver.parseURL(address.jdbcUrl(), new Properties()), address::jdbcUrl);
    assertEquals(address, DatabaseUrl.parse(whole(address)));
  }

  /** The address as a URL that holds everything. */
  private static String whole(DatabaseAddress address) {
    // The driver takes hosts as they are: the percent sign before an IPv6 zone isn't encoded.
    int hosts = "jdbc:postgresql://".length();
    int end = address.jdbcUrl().indexOf('/', hosts);
    StringBuilder url =
        new StringBuilder(address.jdbcUrl())
            .replace(hosts, end, address.jdbcUrl().substring(hosts, end).replace("%", "%25"));
    char separator = address.jdbcUrl().contains("?") ? '&' : '?';
    if (address.username() != null) {
      url.append(separator).append("user=").append(DriverParameters.encode(address.username()));
      separator = '&';
    }
    if (address.password() != null) {
      url.append(separator).append("password=").append(DriverParameters.encode(address.password()));
    }
    return url.toString();
  }
}
