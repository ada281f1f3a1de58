package dev.taskport.testkit;

import dev.taskport.domain.Description;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** Tasks for tests that don't care about the details: {@code aTask().of(alice)}. Immutable. */
public record SampleTasks(UserId user, String title, boolean completed, Instant createdAt) {
  /** When sample tasks are created, unless said otherwise. */
  public static final Instant CREATED = Instant.parse("2026-11-21T09:47:36.273282Z");

  /** A user that no other test uses. */
  public static UserId someUser() {
    return new UserId("user-" + UUID.randomUUID());
  }

  /** An id that no other test uses. */
  public static TaskId someId() {
    return new TaskId(UUID.randomUUID());
  }

  /** Begins a task of some user that is still to be done. */
  public static SampleTasks aTask() {
    return new SampleTasks(someUser(), "Buy milk", false, CREATED);
  }

  /** Begins a task that is done. */
  public static SampleTasks aCompletedTask() {
    return new SampleTasks(someUser(), "Buy milk", true, CREATED);
  }

  /** ... of this user. */
  public SampleTasks of(UserId owner) {
    return new SampleTasks(owner, title, completed, createdAt);
  }

  /** ... called this. */
  public SampleTasks called(String newTitle) {
    return new SampleTasks(user, newTitle, completed, createdAt);
  }

  /** ... created this long after {@link #CREATED}. */
  public SampleTasks createdAfter(Duration delay) {
    return new SampleTasks(user, title, completed, CREATED.plus(delay));
  }

  /** The task, with an id of its own. */
  public Task build() {
    Task task =
        Task.create(someId(), user, new Title(title), new Description("Two litres"), createdAt);
    return completed ? task.apply(new TaskChange.SetCompleted(true), createdAt) : task;
  }
}
