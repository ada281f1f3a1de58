package dev.taskport.adapter.postgres;

import org.junit.jupiter.api.Tag;

/** It keeps them on tables that are partitioned by user, too. */
@Tag("full")
@net.jqwik.api.Tag("full")
class PartitionedTablesTest extends PostgresContracts {

  @Override
  StoreDatabase database() {
    return Shared.DATABASE;
  }

  @Override
  PostgresStore store() {
    return Shared.STORE;
  }

  private static final class Shared {
    static final StoreDatabase DATABASE = StoreDatabase.create();
    static final PostgresStore STORE;

    static {
      Partitions.make(DATABASE);
      STORE = PostgresStore.on(DATABASE);
    }
  }
}
