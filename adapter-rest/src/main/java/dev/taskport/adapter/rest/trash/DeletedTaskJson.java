package dev.taskport.adapter.rest.trash;

import dev.taskport.adapter.rest.json.JsonBytes;
import dev.taskport.adapter.rest.json.JsonName;
import dev.taskport.adapter.rest.json.JsonWriter;
import dev.taskport.adapter.rest.task.TaskJson;
import dev.taskport.domain.changelog.DeletedTask;
import java.util.List;

/** Deleted tasks on the wire: the keys of a task, and when it was deleted. */
final class DeletedTaskJson {
  private static final JsonName DELETED_AT = new JsonName("deleted_at");

  private DeletedTaskJson() {}

  static JsonBytes array(List<DeletedTask> tasks) {
    JsonWriter json = new JsonWriter(TaskJson.USUAL_LENGTH * tasks.size());
    json.beginArray();
    for (DeletedTask deleted : tasks) {
      json.beginObject();
      TaskJson.writeMembers(deleted.task(), json);
      json.name(DELETED_AT);
      json.value(deleted.deletedAt());
      json.endObject();
    }
    json.endArray();
    return JsonBytes.of(json);
  }
}
