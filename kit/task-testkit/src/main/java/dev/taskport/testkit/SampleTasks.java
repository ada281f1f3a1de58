package dev.taskport.testkit;

import dev.taskport.domain.Description;
import dev.taskport.domain.DueDate;
import dev.taskport.domain.NewTask;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Priority;
import dev.taskport.domain.Tags;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskContent;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Builds tasks for tests, with defaults for what a test doesn't care about: {@code
 * aTask().of(alice)}. Titles and descriptions are not checked like input. Immutable.
 *
 * @param id the id; {@code null} gives each task a new one
 */
public record SampleTasks(
    @Nullable TaskId id, UserId user, TaskContent content, boolean completed, Instant createdAt) {
  /** When sample tasks are created, unless said otherwise. */
  public static final Instant CREATED = Instant.parse("2026-11-21T09:47:36.273282Z");

  /** The content of sample tasks, unless said otherwise. No field has its default value. */
  public static final TaskContent CONTENT =
      new TaskContent(
          Title.parse("Buy milk"),
          Description.parse("Two litres"),
          Priority.HIGH,
          Tags.parse("errand,Home"),
          DueDate.parse("2026-12-24"));

  /** A user that no other test uses. */
  public static UserId someUser() {
    return UserId.parse("user-" + UUID.randomUUID());
  }

  /** An id that no other test uses. */
  public static TaskId someId() {
    return new TaskId(UUID.randomUUID());
  }

  /** Begins a pending task of some user. */
  public static SampleTasks aTask() {
    return new SampleTasks(null, someUser(), CONTENT, false, CREATED);
  }

  /** Begins a completed task of some user. */
  public static SampleTasks aCompletedTask() {
    return new SampleTasks(null, someUser(), CONTENT, true, CREATED);
  }

  /** The new task that this task was created from. */
  public static NewTask asNew(Task task) {
    return new NewTask(task.id(), task.content(), task.createdAt());
  }

  /** ... of this user. */
  public SampleTasks of(UserId owner) {
    return new SampleTasks(id, owner, content, completed, createdAt);
  }

  /** ... under this id. */
  public SampleTasks under(TaskId newId) {
    return new SampleTasks(newId, user, content, completed, createdAt);
  }

  /** ... with this content. */
  public SampleTasks saying(TaskContent newContent) {
    return new SampleTasks(id, user, newContent, completed, createdAt);
  }

  /** ... with this title. */
  public SampleTasks called(String newTitle) {
    return edited(TaskChange.Edit.NOTHING.withTitle(Title.stored(newTitle)));
  }

  /** ... with this description; {@code null} for none. */
  public SampleTasks described(@Nullable String newDescription) {
    return edited(
        TaskChange.Edit.NOTHING.withDescription(
            newDescription == null ? null : Description.stored(newDescription)));
  }

  /** ... with the values of this edit, except {@code completed}. */
  public SampleTasks edited(TaskChange.Edit edit) {
    return saying(edit.appliedTo(content));
  }

  /** ... created this long after {@link #CREATED}. */
  public SampleTasks createdAfter(Duration delay) {
    return createdAt(CREATED.plus(delay));
  }

  /** ... created at this time. */
  public SampleTasks createdAt(Instant time) {
    return new SampleTasks(id, user, content, completed, time);
  }

  /** Builds the task. */
  public Task build() {
    Task task = Task.create(user, new NewTask(id == null ? someId() : id, content, createdAt));
    return completed ? task.apply(new TaskChange.SetCompleted(true), createdAt) : task;
  }

  /**
   * Creates the task in the store, completes it there if it is a completed one, and returns it.
   *
   * @throws AssertionError when the store returns a different task
   */
  public Task storedIn(TaskRepository store) {
    Task task = build();
    store.create(user, asNew(task), null);
    if (completed) {
      store.change(
          user, task.id(), new TaskChange.SetCompleted(true), Precondition.NONE, createdAt);
    }
    Optional<Task> stored = store.find(user, task.id());
    if (!stored.equals(Optional.of(task))) {
      throw new AssertionError(
          "find: what was created is found ==> expected: " + task + " but was: " + stored);
    }
    return task;
  }
}
