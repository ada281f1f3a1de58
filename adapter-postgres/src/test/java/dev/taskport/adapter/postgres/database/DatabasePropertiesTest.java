package dev.taskport.adapter.postgres.database;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.zaxxer.hikari.HikariDataSource;
import dev.taskport.adapter.postgres.StoreDatabase;
import io.micronaut.context.ApplicationContext;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The properties reach the pool and the driver. */
class DatabasePropertiesTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final StoreDatabase database = StoreDatabase.create();

  @Test
  void thePoolIsSetUpAsAsked() {
    try (ApplicationContext context = start(database.jdbcUrl())) {
      HikariDataSource pool = pool(context);

      assertEquals(7, pool.getMaximumPoolSize());
      assertEquals(0, pool.getMinimumIdle());
      assertEquals(0, pool.getKeepaliveTime());
      assertEquals(240_000, pool.getIdleTimeout());
      assertEquals(250, pool.getConnectionTimeout());
    }
  }

  @Test
  void aPasswordThatLooksLikeAPlaceholderIsTakenAsItIs() {
    String password = "a${b}$${c:d}${";
    try (ApplicationContext context =
        ApplicationContext.run(
            DatabaseProperties.of(
                "jdbc:postgresql://127.0.0.1:1/none", "${u}", password, 1, TIMEOUT, true))) {
      assertEquals(password, pool(context).getPassword());
      assertEquals("${u}", pool(context).getUsername());
    }
  }

  @Test
  void theDriverIsSetUpAsAskedAndTheUrlTakesPrecedence() throws SQLException {
    try (ApplicationContext context =
            start(
                database.jdbcUrl() + "&queryTimeout=7",
                Map.of("datasources.default.connection-timeout", 30_000));
        Connection connection = pool(context).getConnection();
        Statement statement = connection.createStatement()) {
      assertEquals(0, connection.getNetworkTimeout());
      assertEquals(7, statement.getQueryTimeout());
    }
  }

  @Test
  void aServiceWhoseDatabaseIsNotThereComesUp() {
    try (ApplicationContext context = start("jdbc:postgresql://127.0.0.1:1/none")) {
      assertEquals(0, pool(context).getHikariPoolMXBean().getTotalConnections());
    }
  }

  private ApplicationContext start(String jdbcUrl) {
    return start(jdbcUrl, Map.of());
  }

  private ApplicationContext start(String jdbcUrl, Map<String, Object> settings) {
    Map<String, Object> properties =
        DatabaseProperties.of(
            jdbcUrl,
            database.dataSource().getUser(),
            database.dataSource().getPassword(),
            7,
            TIMEOUT,
            true);
    properties.putAll(settings);
    return ApplicationContext.run(properties);
  }

  private static HikariDataSource pool(ApplicationContext context) {
    return (HikariDataSource) context.getBean(DataSource.class);
  }
}
