package dev.taskport.adapter.postgres.database;

import io.micronaut.configuration.jdbc.hikari.DatasourceConfiguration;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.context.exceptions.ConfigurationException;
import jakarta.inject.Singleton;
import java.sql.SQLException;

/** Makes the pool open its connections with a {@link PrimaryDataSource}. */
@Singleton
final class PoolSetup implements BeanCreatedEventListener<DatasourceConfiguration> {
  private final ConnectionAttempts attempts;

  PoolSetup(ConnectionAttempts attempts) {
    this.attempts = attempts;
  }

  @Override
  public DatasourceConfiguration onCreated(BeanCreatedEvent<DatasourceConfiguration> event) {
    DatasourceConfiguration pool = event.getBean();
    try {
      pool.setDataSource(
          new PrimaryDataSource(pool.getJdbcUrl(), pool.getDataSourceProperties(), attempts));
      return pool;
    } catch (SQLException e) {
      throw new ConfigurationException("The driver can't be set up: " + e.getMessage(), e);
    }
  }
}
