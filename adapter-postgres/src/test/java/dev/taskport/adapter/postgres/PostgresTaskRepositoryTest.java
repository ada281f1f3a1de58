package dev.taskport.adapter.postgres;

import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import dev.taskport.testkit.ConcurrentTaskRepositoryContract;
import dev.taskport.testkit.KeyExpiryContract;
import dev.taskport.testkit.ModelTaskRepositoryContract;
import dev.taskport.testkit.TaskListContract;
import dev.taskport.testkit.TaskRepositoryContract;
import java.time.Duration;

/** PostgreSQL keeps the promises of the port. */
class PostgresTaskRepositoryTest
    implements TaskRepositoryContract,
        TaskListContract,
        ConcurrentTaskRepositoryContract,
        ModelTaskRepositoryContract,
        KeyExpiryContract {

  @Override
  public TaskRepository repository() {
    return Shared.STORE.repository();
  }

  @Override
  public void age(UserId user, Duration time) {
    Shared.DATABASE.execute(
        "UPDATE idempotency_keys SET claimed_at = claimed_at - interval '%s' WHERE user_id = '%s'"
            .formatted(time, user));
  }

  /** Made on first use: jqwik runs properties without JUnit Jupiter's lifecycle. */
  private static final class Shared {
    static final StoreDatabase DATABASE = StoreDatabase.create();
    static final PostgresStore STORE = PostgresStore.on(DATABASE);
  }
}
