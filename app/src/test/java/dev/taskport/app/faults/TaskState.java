package dev.taskport.app.faults;

import dev.taskport.app.faults.Answer.Shown;
import org.jspecify.annotations.Nullable;

/**
 * What one task is, by the service's contract: a function from a state and a request to the next
 * state and the answer.
 *
 * @param original what the creation was told, which each repetition is told again; null before
 * @param current the task; null when it doesn't exist
 */
record TaskState(@Nullable Shown original, @Nullable Shown current) {
  static final TaskState NOTHING = new TaskState(null, null);

  /** The state that follows, and the only right answer. */
  record Step(TaskState next, Answer answer) {}

  Step apply(Request request) {
    if (request instanceof Request.Create create) {
      if (original != null) {
        return new Step(this, original);
      }
      Shown created = new Shown(create.title(), false, 1);
      return new Step(new TaskState(created, created), created);
    }
    Shown task = current;
    if (task == null) {
      return new Step(this, new Answer.Absent());
    }
    if (request instanceof Request.Get) {
      return new Step(this, task);
    }
    if (request instanceof Request.EditTitle edit) {
      return write(
          task, edit.ifVersion(), new Shown(edit.title(), task.completed(), task.version() + 1));
    }
    if (request instanceof Request.Toggle toggle) {
      return write(
          task, toggle.ifVersion(), new Shown(task.title(), !task.completed(), task.version() + 1));
    }
    if (request instanceof Request.SetCompleted set) {
      boolean changes = task.completed() != set.completed();
      return write(
          task,
          set.ifVersion(),
          changes ? new Shown(task.title(), set.completed(), task.version() + 1) : task);
    }
    if (request instanceof Request.Delete delete) {
      return allows(delete.ifVersion(), task)
          ? new Step(new TaskState(original, null), new Answer.Deleted())
          : new Step(this, new Answer.Stale(task.version()));
    }
    throw new AssertionError(request);
  }

  private Step write(Shown task, @Nullable Long ifVersion, Shown written) {
    return allows(ifVersion, task)
        ? new Step(new TaskState(original, written), written)
        : new Step(this, new Answer.Stale(task.version()));
  }

  private static boolean allows(@Nullable Long ifVersion, Shown task) {
    return ifVersion == null || ifVersion == task.version();
  }
}
