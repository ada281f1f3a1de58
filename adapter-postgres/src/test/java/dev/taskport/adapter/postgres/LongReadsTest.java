package dev.taskport.adapter.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.taskport.domain.Search;
import dev.taskport.domain.StoreUnavailableException;
import dev.taskport.domain.TaskFilter;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import dev.taskport.testkit.SampleTasks;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Searches and counts that take long leave connections to everybody else. */
class LongReadsTest {
  private static final StoreDatabase DATABASE = StoreDatabase.create();
  private static final PostgresStore STORE =
      PostgresStore.on(
          DATABASE, DATABASE.jdbcUrl(), Map.of("datasources.default.maximum-pool-size", 2));

  private final TaskRepository repository = STORE.repository();
  private final UserId user = SampleTasks.someUser();
  private final TaskFilter search =
      new TaskFilter(null, Search.parse("milk"), null, null, null, null);

  @AfterAll
  static void stop() {
    STORE.close();
  }

  @Test
  void theyHoldHalfOfTheConnectionsAtMost() throws Exception {
    SampleTasks.aTask().of(user).storedIn(repository);
    CompletableFuture<Long> slow;
    try (Connection other = DATABASE.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE tasks");
      slow = CompletableFuture.supplyAsync(() -> repository.count(user, search));
      DATABASE.awaitWaiting();

      assertThrows(StoreUnavailableException.class, () -> repository.count(user, search));

      assertTrue(STORE.backend() > 0); // the other connection is free
      other.rollback();
    }

    assertEquals(1, slow.get(20, TimeUnit.SECONDS));
    assertEquals(1, repository.count(user, search));
  }
}
