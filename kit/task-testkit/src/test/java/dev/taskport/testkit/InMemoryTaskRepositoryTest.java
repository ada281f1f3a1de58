package dev.taskport.testkit;

import dev.taskport.domain.TaskRepository;

class InMemoryTaskRepositoryTest
    implements TaskRepositoryContract,
        TaskListContract,
        ConcurrentTaskRepositoryContract,
        ModelTaskRepositoryContract {
  private final TaskRepository repository = new InMemoryTaskRepository();

  @Override
  public TaskRepository repository() {
    return repository;
  }
}
