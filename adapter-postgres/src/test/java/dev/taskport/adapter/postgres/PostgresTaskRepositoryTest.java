package dev.taskport.adapter.postgres;

import dev.taskport.domain.Task;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.LogMarks;
import dev.taskport.domain.changelog.TaskChangeLog;
import dev.taskport.domain.changelog.TaskTrash;
import dev.taskport.testkit.ConcurrentTaskRepositoryContract;
import dev.taskport.testkit.DeletionExpiryContract;
import dev.taskport.testkit.KeyExpiryContract;
import dev.taskport.testkit.ModelTaskRepositoryContract;
import dev.taskport.testkit.TaskListContract;
import dev.taskport.testkit.TaskRepositoryContract;
import java.time.Duration;

/** PostgreSQL keeps the promises of the ports. */
class PostgresTaskRepositoryTest
    implements TaskRepositoryContract,
        TaskListContract,
        ConcurrentTaskRepositoryContract,
        ModelTaskRepositoryContract,
        KeyExpiryContract,
        DeletionExpiryContract {

  @Override
  public TaskRepository repository() {
    return Shared.STORE.repository();
  }

  @Override
  public TaskChangeLog changeLog() {
    return Shared.STORE.changeLog();
  }

  @Override
  public LogMarks marks() {
    return Shared.STORE.marks();
  }

  @Override
  public TaskTrash trash() {
    return Shared.STORE.trash();
  }

  @Override
  public void putStored(Task task) {
    Shared.DATABASE.putStored(task);
  }

  @Override
  public void age(UserId user, Duration time) {
    Shared.DATABASE.execute(
        """
        UPDATE idempotency_keys SET claimed_at = claimed_at - interval '%1$s' WHERE user_id = '%2$s';
        UPDATE deleted_tasks SET deleted_at = deleted_at - interval '%1$s' WHERE user_id = '%2$s'
        """
            .formatted(time, user));
    Shared.STORE.removeExpiredDeletions();
    Shared.DATABASE.await(
        "SELECT NOT EXISTS (SELECT FROM deleted_tasks WHERE deleted_at < now() - interval '%s')"
            .formatted(CHANGES_RETENTION));
    Shared.DATABASE.await(
        "SELECT NOT EXISTS (SELECT FROM deleted_tasks WHERE content IS NOT NULL"
            + " AND deleted_at < now() - interval '%s')".formatted(DELETED_RETENTION));
  }

  /** Made on first use: jqwik runs properties without JUnit Jupiter's lifecycle. */
  private static final class Shared {
    static final StoreDatabase DATABASE = StoreDatabase.create();
    static final PostgresStore STORE = PostgresStore.on(DATABASE);
  }
}
