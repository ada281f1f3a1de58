package dev.taskport.adapter.postgres;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;

/** PostgreSQL keeps the promises of the ports when every operation goes through a batch. */
@Tag("full")
@net.jqwik.api.Tag("full")
class BatchedTaskRepositoryTest extends PostgresContracts {

  @Override
  StoreDatabase database() {
    return Shared.DATABASE;
  }

  @Override
  PostgresStore store() {
    return Shared.STORE;
  }

  @AfterAll
  static void batchesDidForm() {
    for (String kind :
        List.of("find", "list", "create", "create with a key", "edit", "complete", "delete")) {
      assertTrue(Shared.STORE.batches(kind).count() > 0, kind);
    }
    // Those of the races, which have different targets.
    assertTrue(Shared.STORE.batches("find").max() > 1);
    assertTrue(Shared.STORE.batches("complete").max() > 1);
  }

  /** Made on first use: jqwik runs properties without JUnit Jupiter's lifecycle. */
  private static final class Shared {
    static final StoreDatabase DATABASE = StoreDatabase.create();
    static final PostgresStore STORE =
        PostgresStore.on(DATABASE, DATABASE.jdbcUrl(), PostgresStore.BATCHES_ALWAYS);
  }
}
