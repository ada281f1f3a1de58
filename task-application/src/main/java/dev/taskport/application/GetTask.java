package dev.taskport.application;

import dev.taskport.domain.Task;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.UserId;
import dev.taskport.domain.async.AsyncTaskRepository;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Finds one task. Safe for use by many threads, and keeps none waiting. */
public final class GetTask {
  private final AsyncTaskRepository tasks;

  /** With the store to use. */
  public GetTask(AsyncTaskRepository tasks) {
    this.tasks = tasks;
  }

  /** The user's task with this id, if there is one; as {@link AsyncTaskRepository#find}. */
  public CompletionStage<Optional<Task>> get(UserId user, TaskId id) {
    return tasks.find(user, id);
  }
}
