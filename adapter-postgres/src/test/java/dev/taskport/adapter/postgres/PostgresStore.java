package dev.taskport.adapter.postgres;

import dev.taskport.adapter.postgres.address.DatabaseAddress;
import dev.taskport.adapter.postgres.database.DatabaseProperties;
import dev.taskport.adapter.postgres.database.Statements;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.async.AsyncTaskRepository;
import dev.taskport.domain.changelog.LogMarks;
import dev.taskport.domain.changelog.TaskChangeLog;
import dev.taskport.domain.changelog.TaskTrash;
import dev.taskport.testkit.DeletionExpiryContract;
import dev.taskport.testkit.TaskRepositoryContract;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micronaut.context.ApplicationContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;

/** The adapter as the service wires it. */
public final class PostgresStore implements AutoCloseable {
  /** Settings with which every operation waits for others, and runs by the statement of batches. */
  public static final Map<String, Object> BATCHES_ALWAYS =
      Map.of(
          "taskport.batches.width",
          0,
          "taskport.batches.patience",
          "PT0.0005S",
          "taskport.batches.of-one",
          true);

  private final ApplicationContext context;

  private PostgresStore(ApplicationContext context) {
    this.context = context;
  }

  /** The adapter on this database. */
  public static PostgresStore on(StoreDatabase database) {
    return on(database, database.jdbcUrl(), Map.of());
  }

  /** The adapter on a database that it reaches by this URL, with further settings. */
  public static PostgresStore on(
      StoreDatabase database, String jdbcUrl, Map<String, Object> settings) {
    PGSimpleDataSource known = database.dataSource();
    return at(new DatabaseAddress(jdbcUrl, known.getUser(), known.getPassword()), settings);
  }

  /** The adapter on the database at this address, with further settings. */
  public static PostgresStore at(DatabaseAddress address, Map<String, Object> settings) {
    Map<String, Object> properties =
        new HashMap<>(
            DatabaseProperties.of(
                address.jdbcUrl(),
                address.username(),
                address.password(),
                10,
                Duration.ofSeconds(2),
                true));
    properties.put("taskport.idempotency.retention", TaskRepositoryContract.KEY_RETENTION);
    // The kit's tasks are of different days: a cleanup would remove the keys of another test.
    properties.put("taskport.idempotency.cleanup-interval", "1h");
    properties.put(
        "taskport.deletions.content-retention", DeletionExpiryContract.DELETED_RETENTION);
    properties.put("taskport.deletions.retention", DeletionExpiryContract.CHANGES_RETENTION);
    properties.put("taskport.deletions.cleanup-interval", "1h");
    properties.putAll(settings);
    ApplicationContext context = ApplicationContext.run(properties);
    context.registerSingleton(MeterRegistry.class, new SimpleMeterRegistry());
    return new PostgresStore(context);
  }

  /** The sizes of the batches of this kind. */
  public DistributionSummary batches(String operation) {
    return context
        .getBean(MeterRegistry.class)
        .get("taskport.store.batches")
        .tag("operation", operation)
        .summary();
  }

  public TaskRepository repository() {
    return context.getBean(TaskRepository.class);
  }

  public TaskChangeLog changeLog() {
    return context.getBean(TaskChangeLog.class);
  }

  public AsyncTaskRepository async() {
    return context.getBean(AsyncTaskRepository.class);
  }

  public LogMarks marks() {
    return context.getBean(LogMarks.class);
  }

  public TaskTrash trash() {
    return context.getBean(TaskTrash.class);
  }

  /** Starts to remove what has expired, as the service does when it has started. */
  public void removeExpiredDeletions() {
    context.getBean(ExpiredDeletions.class).removeNow();
  }

  /** The server's process behind the connection that the pool gives. */
  public long backend() {
    return context
        .getBean(Statements.class)
        .query("SELECT pg_backend_pid()", List.of(), row -> row.getLong(1))
        .get(0);
  }

  public ApplicationContext context() {
    return context;
  }

  @Override
  public void close() {
    context.close();
  }
}
