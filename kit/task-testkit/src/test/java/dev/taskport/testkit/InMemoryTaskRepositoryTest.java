package dev.taskport.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import dev.taskport.domain.async.AsyncTaskRepository;
import dev.taskport.domain.async.ThreadedTaskRepository;
import dev.taskport.domain.changelog.LogMarks;
import dev.taskport.domain.changelog.TaskChangeLog;
import dev.taskport.domain.changelog.TaskTrash;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class InMemoryTaskRepositoryTest
    implements TaskRepositoryContract,
        TaskListContract,
        ConcurrentTaskRepositoryContract,
        KeyExpiryContract,
        ModelTaskRepositoryContract,
        DeletionExpiryContract,
        AsyncTaskRepositoryContract {
  private final SettableClock clock = new SettableClock();
  private final InMemoryTaskRepository repository =
      new InMemoryTaskRepository(KEY_RETENTION, DELETED_RETENTION, CHANGES_RETENTION, clock);

  @Override
  public TaskRepository repository() {
    return repository;
  }

  @Override
  public TaskChangeLog changeLog() {
    return repository;
  }

  @Override
  public AsyncTaskRepository async() {
    return new ThreadedTaskRepository(
        call -> new Thread(call, "store").start(), repository, repository);
  }

  @Override
  public LogMarks marks() {
    return repository;
  }

  @Override
  public TaskTrash trash() {
    return repository;
  }

  @Override
  public void putStored(Task task) {
    repository.putStored(task);
  }

  @Override
  public void age(UserId user, Duration time) {
    clock.putForward(time);
  }

  @Test
  void aRetentionOfZeroKeepsNoDeletedTask() {
    InMemoryTaskRepository store =
        new InMemoryTaskRepository(KEY_RETENTION, Duration.ZERO, CHANGES_RETENTION, clock);
    Task task = SampleTasks.aTask().storedIn(store);

    store.delete(task.userId(), task.id(), Precondition.NONE);

    assertEquals(List.of(), store.listDeleted(task.userId(), TaskTrash.NEWEST, 10));
  }
}
