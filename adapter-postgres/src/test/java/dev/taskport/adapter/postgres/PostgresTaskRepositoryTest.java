package dev.taskport.adapter.postgres;

/** PostgreSQL keeps the promises of the ports. */
class PostgresTaskRepositoryTest extends PostgresContracts {

  @Override
  StoreDatabase database() {
    return Shared.DATABASE;
  }

  @Override
  PostgresStore store() {
    return Shared.STORE;
  }

  /** Made on first use: jqwik runs properties without JUnit Jupiter's lifecycle. */
  private static final class Shared {
    static final StoreDatabase DATABASE = StoreDatabase.create();
    static final PostgresStore STORE = PostgresStore.on(DATABASE);
  }
}
