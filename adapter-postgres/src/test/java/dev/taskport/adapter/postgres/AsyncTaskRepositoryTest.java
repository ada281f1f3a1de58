package dev.taskport.adapter.postgres;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.adapter.postgres.pipeline.OpenPipelines;
import dev.taskport.domain.TaskRepository;
import dev.taskport.testkit.AwaitedTaskRepository;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;

/** PostgreSQL keeps the promises of the ports when every call tells its result later. */
@Tag("full")
@net.jqwik.api.Tag("full")
class AsyncTaskRepositoryTest extends PostgresContracts {

  @Override
  StoreDatabase database() {
    return Shared.DATABASE;
  }

  @Override
  PostgresStore store() {
    return Shared.STORE;
  }

  @Override
  public TaskRepository repository() {
    return new AwaitedTaskRepository(async(), super.repository());
  }

  @AfterAll
  static void eventLoopsDidCarryOutCalls() {
    assertTrue(OpenPipelines.areIn(Shared.STORE));
  }

  /** Made on first use: jqwik runs properties without JUnit Jupiter's lifecycle. */
  private static final class Shared {
    static final StoreDatabase DATABASE = StoreDatabase.create();
    static final PostgresStore STORE =
        PostgresStore.on(
            DATABASE,
            DATABASE.jdbcUrl(),
            Map.of("micronaut.netty.event-loops.default.num-threads", 2));
  }
}
