package dev.taskport.adapter.rest.task;

import dev.taskport.adapter.rest.json.JsonBytes;
import dev.taskport.adapter.rest.json.JsonName;
import dev.taskport.adapter.rest.json.JsonWriter;
import dev.taskport.adapter.rest.json.Timestamps;
import dev.taskport.domain.DueDate;
import dev.taskport.domain.Tag;
import dev.taskport.domain.Task;
import java.util.List;

/** A task on the wire: always all of its keys, in this order. */
public final class TaskJson {
  /** In bytes, of a task that is not very long. */
  public static final int USUAL_LENGTH = 448;

  private static final JsonName ID = new JsonName("id");
  private static final JsonName USER_ID = new JsonName("user_id");
  private static final JsonName TITLE = new JsonName("title");
  private static final JsonName DESCRIPTION = new JsonName("description");
  private static final JsonName COMPLETED = new JsonName("completed");
  private static final JsonName CREATED_AT = new JsonName("created_at");
  private static final JsonName UPDATED_AT = new JsonName("updated_at");
  private static final JsonName PRIORITY = new JsonName("priority");
  private static final JsonName TAGS = new JsonName("tags");
  private static final JsonName DUE_DATE = new JsonName("due_date");

  private TaskJson() {}

  /** The task as a body. */
  public static JsonBytes of(Task task) {
    JsonWriter json = new JsonWriter(USUAL_LENGTH);
    write(task, json);
    return JsonBytes.of(json);
  }

  /** The tasks as an array. */
  public static byte[] array(List<Task> tasks) {
    JsonWriter json = new JsonWriter(USUAL_LENGTH * tasks.size());
    json.beginArray();
    for (Task task : tasks) {
      write(task, json);
    }
    json.endArray();
    return json.toByteArray();
  }

  /** Writes the task as an object. */
  public static void write(Task task, JsonWriter json) {
    json.beginObject();
    writeMembers(task, json);
    json.endObject();
  }

  /** Writes the task's members into an object that may have others. */
  public static void writeMembers(Task task, JsonWriter json) {
    json.name(ID);
    json.value(task.id().toString());
    json.name(USER_ID);
    json.value(task.userId().value());
    var unused =
        task.content()
            .read(
                (title, description, priority, tags, dueDate) -> {
                  json.name(TITLE);
                  json.value(title.value());
                  json.name(DESCRIPTION);
                  json.value(description == null ? null : description.value());
                  json.name(COMPLETED);
                  json.value(task.completed());
                  json.name(CREATED_AT);
                  json.value(task.createdAt());
                  json.name(UPDATED_AT);
                  json.value(task.updatedAt());
                  json.name(PRIORITY);
                  json.value(priority.value());
                  json.name(TAGS);
                  json.beginArray();
                  for (Tag tag : tags.values()) {
                    json.value(tag.value());
                  }
                  json.endArray();
                  json.name(DUE_DATE);
                  json.value(dueDate == null ? null : text(dueDate));
                  return json;
                });
  }

  private static String text(DueDate dueDate) {
    return dueDate.match(
        onDate -> onDate.date().toString(), atTime -> Timestamps.format(atTime.instant()));
  }
}
