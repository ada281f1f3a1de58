package dev.taskport.application;

import dev.taskport.domain.TaskQuery;
import dev.taskport.domain.UserId;
import dev.taskport.domain.async.AsyncTaskRepository;
import java.util.concurrent.CompletionStage;

/** Finds a page of a user's tasks. Safe for use by many threads, and keeps none waiting. */
public final class GetTaskPage {
  private final AsyncTaskRepository tasks;

  /** With the store to use. */
  public GetTaskPage(AsyncTaskRepository tasks) {
    this.tasks = tasks;
  }

  /** The page that {@link ListTasks#list} returns; as {@link AsyncTaskRepository#listMarked}. */
  public CompletionStage<TaskPage> get(UserId user, TaskQuery query) {
    return tasks
        .listMarked(user, TaskPage.withOneMore(query))
        .thenApply(found -> TaskPage.of(found, query));
  }
}
