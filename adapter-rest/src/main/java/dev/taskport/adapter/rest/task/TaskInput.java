package dev.taskport.adapter.rest.task;

import dev.taskport.adapter.rest.json.JsonObject;
import dev.taskport.adapter.rest.problem.InvalidInputException;
import dev.taskport.adapter.rest.problem.Violation;
import dev.taskport.application.TaskDraft;
import dev.taskport.domain.Description;
import dev.taskport.domain.InvalidValueException;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskContent;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.Title;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns bodies into what the use cases take. Names that we don't know are ignored. All that is
 * wrong with a body is reported at once.
 */
final class TaskInput {
  private final JsonObject body;
  private final List<Violation> violations = new ArrayList<>();

  private TaskInput(JsonObject body) {
    this.body = body;
  }

  /** A body that creates a task; {@code id} is the client's, if it chose one. */
  static TaskDraft draft(@Nullable TaskId id, JsonObject body) {
    TaskInput input = new TaskInput(body);
    Title title = input.read("title", () -> Title.parse(body.string("title")));
    Description description = input.read("description", input::description);
    input.rejectIfInvalid();
    if (title == null) {
      throw new IllegalStateException("A title that is neither read nor refused");
    }
    return new TaskDraft(id, new TaskContent(title, description));
  }

  /** A body that names the fields to change. */
  static TaskChange.Edit edit(JsonObject body) {
    TaskInput input = new TaskInput(body);
    Title title =
        body.has("title") ? input.read("title", () -> Title.parse(body.string("title"))) : null;
    Description description = input.read("description", input::description);
    Boolean completed = input.completed();
    input.rejectIfInvalid();
    return new TaskChange.Edit(title, body.has("description"), description, completed);
  }

  /** A body that sets the state; one that says nothing of it toggles. */
  static TaskChange.Completion completion(JsonObject body) {
    TaskInput input = new TaskInput(body);
    Boolean completed = input.completed();
    input.rejectIfInvalid();
    return completed == null
        ? new TaskChange.ToggleCompleted()
        : new TaskChange.SetCompleted(completed);
  }

  private @Nullable Description description() {
    String text = body.nullableString("description");
    return text == null ? null : Description.parse(text);
  }

  private @Nullable Boolean completed() {
    return body.has("completed") ? read("completed", () -> body.bool("completed")) : null;
  }

  private <T> @Nullable T read(String name, Supplier<? extends @Nullable T> value) {
    try {
      return value.get();
    } catch (InvalidValueException e) {
      violations.add(Violation.at("#/" + name, String.valueOf(e.getMessage())));
      return null;
    }
  }

  private void rejectIfInvalid() {
    if (!violations.isEmpty()) {
      throw new InvalidInputException(violations);
    }
  }
}
