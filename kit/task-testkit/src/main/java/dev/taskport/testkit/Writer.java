package dev.taskport.testkit;

import static dev.taskport.testkit.SampleTasks.CREATED;
import static dev.taskport.testkit.SampleTasks.aTask;
import static dev.taskport.testkit.SampleTasks.asNew;
import static dev.taskport.testkit.SampleTasks.someUser;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.taskport.domain.CreateResult;
import dev.taskport.domain.IdempotencyKey;
import dev.taskport.domain.Precondition;
import dev.taskport.domain.Task;
import dev.taskport.domain.TaskChange.Edit;
import dev.taskport.domain.TaskChange.ToggleCompleted;
import dev.taskport.domain.TaskRepository;
import dev.taskport.domain.Title;
import dev.taskport.domain.UserId;
import dev.taskport.domain.WriteResult;
import dev.taskport.domain.async.AsyncTaskRepository;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** A user who edits one task, toggles another, creates a third and deletes it a round later. */
final class Writer {
  private final UserId user = someUser();
  private final int number;
  private Task edited;
  private Task toggled;
  private Task passing;

  Writer(int number, TaskRepository store) {
    this.number = number;
    edited = aTask().of(user).called("Edited by " + number).storedIn(store);
    toggled = aTask().of(user).called("Toggled by " + number).storedIn(store);
    passing = aTask().of(user).called("Passing, of " + number).storedIn(store);
  }

  /** Begins all writes; returns the checks of their results. */
  List<Runnable> write(int round, AsyncTaskRepository async) {
    Instant now = CREATED.plusSeconds(round + 1);
    Edit edit = Edit.NOTHING.withTitle(Title.parse("Of " + number + ", " + round));
    IdempotencyKey key = IdempotencyKey.parse("k-" + round);
    Task created = aTask().of(user).called("Of " + number).createdAt(now).build();
    Task deleted = passing;
    Precondition seen = new Precondition.RevisionIn(Set.of(edited.revision()));
    edited = edited.apply(edit, now);
    toggled = toggled.apply(new ToggleCompleted(), now);
    passing = created;
    WriteResult afterEdit = new WriteResult.Done(edited);
    WriteResult afterToggle = new WriteResult.Done(toggled);
    return List.of(
        check(
            "create",
            new CreateResult.Created(created),
            async.create(user, asNew(created), number % 2 == 0 ? null : key)),
        check("change", afterEdit, async.change(user, edited.id(), edit, seen, now)),
        check(
            "change",
            afterToggle,
            async.change(user, toggled.id(), new ToggleCompleted(), Precondition.NONE, now)),
        check(
            "delete",
            new WriteResult.Done(deleted),
            async.delete(user, deleted.id(), Precondition.NONE)));
  }

  private static <T> Runnable check(String operation, T expected, CompletionStage<T> result) {
    return () ->
        assertEquals(
            expected,
            AwaitedTaskRepository.await(result),
            operation + ": of many writes at once each gets its own result");
  }

  UserId user() {
    return user;
  }

  /** The tasks that the user has when all is done. */
  Set<Task> tasks() {
    return Set.of(edited, toggled, passing);
  }
}
