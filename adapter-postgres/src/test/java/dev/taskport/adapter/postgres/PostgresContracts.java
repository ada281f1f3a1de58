package dev.taskport.adapter.postgres;

import dev.taskport.domain.Task;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import dev.taskport.domain.async.AsyncTaskRepository;
import dev.taskport.domain.changelog.LogMarks;
import dev.taskport.domain.changelog.TaskChangeLog;
import dev.taskport.domain.changelog.TaskTrash;
import dev.taskport.testkit.AsyncTaskRepositoryContract;
import dev.taskport.testkit.ConcurrentTaskRepositoryContract;
import dev.taskport.testkit.DeletionExpiryContract;
import dev.taskport.testkit.KeyExpiryContract;
import dev.taskport.testkit.ModelTaskRepositoryContract;
import dev.taskport.testkit.TaskListContract;
import dev.taskport.testkit.TaskRepositoryContract;
import java.time.Duration;

/** All contracts of the kit, for a store on PostgreSQL. */
abstract class PostgresContracts
    implements TaskRepositoryContract,
        TaskListContract,
        ConcurrentTaskRepositoryContract,
        ModelTaskRepositoryContract,
        KeyExpiryContract,
        DeletionExpiryContract,
        AsyncTaskRepositoryContract {

  abstract StoreDatabase database();

  abstract PostgresStore store();

  @Override
  public TaskRepository repository() {
    return store().repository();
  }

  @Override
  public TaskChangeLog changeLog() {
    return store().changeLog();
  }

  @Override
  public AsyncTaskRepository async() {
    return store().async();
  }

  @Override
  public LogMarks marks() {
    return store().marks();
  }

  @Override
  public TaskTrash trash() {
    return store().trash();
  }

  @Override
  public void putStored(Task task) {
    database().putStored(task);
  }

  @Override
  public void age(UserId user, Duration time) {
    database()
        .execute(
            """
        UPDATE idempotency_keys SET claimed_at = claimed_at - interval '%1$s' WHERE user_id = '%2$s';
        UPDATE deleted_tasks SET deleted_at = deleted_at - interval '%1$s' WHERE user_id = '%2$s'
        """
                .formatted(time, user));
    store().removeExpiredDeletions();
    database()
        .await(
            "SELECT NOT EXISTS (SELECT FROM deleted_tasks WHERE deleted_at < now() - interval '%s')"
                .formatted(CHANGES_RETENTION));
    database()
        .await(
            "SELECT NOT EXISTS (SELECT FROM deleted_tasks WHERE content IS NOT NULL"
                + " AND deleted_at < now() - interval '%s')".formatted(DELETED_RETENTION));
  }
}
