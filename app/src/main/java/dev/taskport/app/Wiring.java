package dev.taskport.app;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.taskport.application.CompleteTask;
import dev.taskport.application.CountTasks;
import dev.taskport.application.CreateTask;
import dev.taskport.application.DeleteTask;
import dev.taskport.application.DeleteTaskPermanently;
import dev.taskport.application.FindMark;
import dev.taskport.application.GetTask;
import dev.taskport.application.GetTaskPage;
import dev.taskport.application.ListDeletedTasks;
import dev.taskport.application.ListTasks;
import dev.taskport.application.ReadChanges;
import dev.taskport.application.RestoreTask;
import dev.taskport.application.SummarizeTasks;
import dev.taskport.application.UpdateTask;
import dev.taskport.application.WatchChanges;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.async.AsyncTaskRepository;
import dev.taskport.domain.changelog.LogMarks;
import dev.taskport.domain.changelog.TaskChangeLog;
import dev.taskport.domain.changelog.TaskTrash;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;
import java.time.Clock;

/**
 * Creates the use cases, which are independent of the framework, and their clock and id generator.
 */
@Factory
final class Wiring {
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Singleton
  CreateTask createTask(AsyncTaskRepository tasks, Clock clock) {
    // UUIDv7: new ids are next to each other in the index.
    return new CreateTask(tasks, UuidCreator::getTimeOrderedEpoch, clock);
  }

  @Singleton
  ListTasks listTasks(TaskChangeLog log) {
    return new ListTasks(log);
  }

  @Singleton
  CountTasks countTasks(TaskRepository tasks) {
    return new CountTasks(tasks);
  }

  @Singleton
  SummarizeTasks summarizeTasks(TaskRepository tasks) {
    return new SummarizeTasks(tasks);
  }

  @Singleton
  GetTask getTask(AsyncTaskRepository tasks) {
    return new GetTask(tasks);
  }

  @Singleton
  GetTaskPage getTaskPage(AsyncTaskRepository tasks) {
    return new GetTaskPage(tasks);
  }

  @Singleton
  UpdateTask updateTask(AsyncTaskRepository tasks, Clock clock) {
    return new UpdateTask(tasks, clock);
  }

  @Singleton
  CompleteTask completeTask(AsyncTaskRepository tasks, Clock clock) {
    return new CompleteTask(tasks, clock);
  }

  @Singleton
  DeleteTask deleteTask(AsyncTaskRepository tasks) {
    return new DeleteTask(tasks);
  }

  @Singleton
  DeleteTaskPermanently deleteTaskPermanently(TaskTrash trash) {
    return new DeleteTaskPermanently(trash);
  }

  @Singleton
  RestoreTask restoreTask(TaskTrash trash, Clock clock) {
    return new RestoreTask(trash, clock);
  }

  @Singleton
  ListDeletedTasks listDeletedTasks(TaskTrash trash) {
    return new ListDeletedTasks(trash);
  }

  @Singleton
  FindMark findMark(TaskChangeLog log) {
    return new FindMark(log);
  }

  @Singleton
  ReadChanges readChanges(TaskChangeLog log) {
    return new ReadChanges(log);
  }

  @Singleton
  WatchChanges watchChanges(LogMarks marks) {
    return new WatchChanges(marks);
  }
}
