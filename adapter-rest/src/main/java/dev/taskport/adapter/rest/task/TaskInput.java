package dev.taskport.adapter.rest.task;

import dev.taskport.adapter.rest.json.JsonObject;
import dev.taskport.adapter.rest.problem.InvalidInputException;
import dev.taskport.adapter.rest.problem.Violation;
import dev.taskport.application.TaskDraft;
import dev.taskport.domain.Description;
import dev.taskport.domain.DueDate;
import dev.taskport.domain.InvalidValueException;
import dev.taskport.domain.Priority;
import dev.taskport.domain.Tag;
import dev.taskport.domain.Tags;
import dev.taskport.domain.TaskChange;
import dev.taskport.domain.TaskContent;
import dev.taskport.domain.TaskId;
import dev.taskport.domain.Title;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns request bodies into the input of the use cases. Unknown fields are ignored. All errors of a
 * body are reported together.
 */
final class TaskInput {
  private final JsonObject body;
  private final List<Violation> violations = new ArrayList<>();

  private TaskInput(JsonObject body) {
    this.body = body;
  }

  /** Reads a body that creates a task; {@code id} is null if the client chose none. */
  static TaskDraft draft(@Nullable TaskId id, JsonObject body) {
    TaskInput input = new TaskInput(body);
    Title title = input.read("title", () -> Title.parse(body.string("title")));
    TaskChange.Edit fields = input.fields(title);
    input.rejectIfInvalid();
    if (title == null) {
      throw new IllegalStateException("A title that is neither read nor refused");
    }
    return new TaskDraft(id, fields.appliedTo(TaskContent.titled(title)));
  }

  /** Reads a body that holds the fields to change. */
  static TaskChange.Edit edit(JsonObject body) {
    TaskInput input = new TaskInput(body);
    Title title =
        body.has("title") ? input.read("title", () -> Title.parse(body.string("title"))) : null;
    TaskChange.Edit fields = input.fields(title);
    Boolean completed = input.completed();
    input.rejectIfInvalid();
    return completed == null ? fields : fields.withCompleted(completed);
  }

  /** Reads a body that sets {@code completed}; without that field, the change toggles it. */
  static TaskChange.Completion completion(JsonObject body) {
    TaskInput input = new TaskInput(body);
    Boolean completed = input.completed();
    input.rejectIfInvalid();
    return completed == null
        ? new TaskChange.ToggleCompleted()
        : new TaskChange.SetCompleted(completed);
  }

  /** The content: the title, and the body's other fields or their defaults. */
  private TaskChange.Edit fields(@Nullable Title title) {
    Description description = read("description", this::description);
    Priority priority = body.has("priority") ? read("priority", this::priority) : null;
    Tags tags = body.has("tags") ? read("tags", this::tags) : null;
    DueDate dueDate = read("due_date", this::dueDate);
    return new TaskChange.Edit(
        title,
        body.has("description"),
        description,
        priority,
        tags,
        body.has("due_date"),
        dueDate,
        null);
  }

  private @Nullable Description description() {
    String text = body.nullableString("description");
    return text == null ? null : Description.parse(text);
  }

  private Priority priority() {
    String text = body.nullableString("priority", "low, medium, high or urgent");
    return text == null ? Priority.MEDIUM : Priority.parse(text);
  }

  private Tags tags() {
    List<@Nullable String> elements = body.array("tags").orElse(null);
    if (elements == null) {
      String text = body.nullableString("tags", "an array of strings, or one string with commas");
      return text == null ? Tags.NONE : Tags.parse(text);
    }
    List<Tag> tags = new ArrayList<>();
    // Report only the first errors, so that the answer isn't longer than the request.
    for (int i = 0; i < elements.size() && violations.size() <= Tags.MAX_COUNT; i++) {
      String text = elements.get(i);
      Tag tag = read("tags/" + i, () -> tag(text));
      if (tag != null) {
        tags.add(tag);
      }
    }
    return Tags.of(tags);
  }

  private static Tag tag(@Nullable String text) {
    if (text == null) {
      throw new InvalidValueException("The tag must be a string");
    }
    return Tag.parse(text);
  }

  private @Nullable DueDate dueDate() {
    String text = body.nullableString("due_date", "a string (a date, or an RFC 3339 time) or null");
    return text == null ? null : DueDate.parse(text);
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
