package dev.taskport.adapter.rest.changes;

import dev.taskport.adapter.rest.json.JsonBytes;
import dev.taskport.adapter.rest.json.JsonName;
import dev.taskport.adapter.rest.json.JsonWriter;
import dev.taskport.adapter.rest.task.TaskJson;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.LogEntry;
import dev.taskport.domain.changelog.LogReading;
import java.util.function.Consumer;

/** Changes on the wire. */
final class ChangesJson {
  private static final JsonName CHANGES = new JsonName("changes");
  private static final JsonName NEXT = new JsonName("next");
  private static final JsonName MORE = new JsonName("more");
  private static final JsonName ID = new JsonName("id");
  private static final JsonName DELETED_AT = new JsonName("deleted_at");

  private ChangesJson() {}

  /** A page: the changes, the sync token to read on with, and whether there are more already. */
  static JsonBytes of(LogReading.Page page, UserId user) {
    JsonWriter json = new JsonWriter(TaskJson.USUAL_LENGTH * (page.entries().size() + 1));
    json.beginObject();
    json.name(CHANGES);
    json.beginArray();
    for (LogEntry entry : page.entries()) {
      write(entry, json);
    }
    json.endArray();
    json.name(NEXT);
    json.value(SyncToken.of(page.next(), user));
    json.name(MORE);
    json.value(page.more());
    json.endObject();
    return JsonBytes.of(json);
  }

  /** The task as it is now, or its deletion. */
  static byte[] of(LogEntry entry) {
    JsonWriter json = new JsonWriter(TaskJson.USUAL_LENGTH);
    write(entry, json);
    return json.toByteArray();
  }

  private static void write(LogEntry entry, JsonWriter json) {
    Consumer<JsonWriter> write =
        entry.match(
            stored -> to -> TaskJson.write(stored.task(), to), deleted -> to -> write(deleted, to));
    write.accept(json);
  }

  /** What remains of a deleted task. */
  private static void write(LogEntry.Deleted deleted, JsonWriter json) {
    json.beginObject();
    json.name(ID);
    json.value(deleted.id().toString());
    json.name(DELETED_AT);
    json.value(deleted.deletedAt());
    json.endObject();
  }
}
