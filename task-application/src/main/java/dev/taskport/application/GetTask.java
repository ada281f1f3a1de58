package dev.taskport.application;

import dev.taskport.domain.Task;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.UserId;
import java.util.Optional;

/** Finds one task. Safe for use by many threads. */
public final class GetTask {
  private final TaskRepository tasks;

  /** With the store to use. */
  public GetTask(TaskRepository tasks) {
    this.tasks = tasks;
  }

  /** The user's task with this id, if there is one. */
  public Optional<Task> get(UserId user, TaskId id) {
    return tasks.find(user, id);
  }
}
