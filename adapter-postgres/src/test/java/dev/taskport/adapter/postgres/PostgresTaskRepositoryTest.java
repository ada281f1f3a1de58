package dev.taskport.adapter.postgres;

import dev.taskport.domain.TaskRepository;
import dev.taskport.testkit.ConcurrentTaskRepositoryContract;
import dev.taskport.testkit.ModelTaskRepositoryContract;
import dev.taskport.testkit.TaskListContract;
import dev.taskport.testkit.TaskRepositoryContract;

/** PostgreSQL keeps the promises of the port. */
class PostgresTaskRepositoryTest
    implements TaskRepositoryContract,
        TaskListContract,
        ConcurrentTaskRepositoryContract,
        ModelTaskRepositoryContract {

  @Override
  public TaskRepository repository() {
    return Shared.STORE.repository();
  }

  /** Made on first use: jqwik runs properties without JUnit Jupiter's lifecycle. */
  private static final class Shared {
    static final PostgresStore STORE = PostgresStore.on(StoreDatabase.create());
  }
}
