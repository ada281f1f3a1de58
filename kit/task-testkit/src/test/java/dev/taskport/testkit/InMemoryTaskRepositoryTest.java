package dev.taskport.testkit;

import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import java.time.Duration;

class InMemoryTaskRepositoryTest
    implements TaskRepositoryContract,
        TaskListContract,
        ConcurrentTaskRepositoryContract,
        KeyExpiryContract,
        ModelTaskRepositoryContract {
  private final SettableClock clock = new SettableClock();
  private final TaskRepository repository = new InMemoryTaskRepository(KEY_RETENTION, clock);

  @Override
  public TaskRepository repository() {
    return repository;
  }

  @Override
  public void age(UserId user, Duration time) {
    clock.putForward(time);
  }
}
