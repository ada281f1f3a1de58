package dev.taskport.adapter.rest.changes;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.taskport.adapter.rest.json.Timestamps;
import dev.taskport.adapter.rest.task.TaskJson;
import dev.taskport.domain.UserId;
import dev.taskport.domain.changelog.LogEntry;
import dev.taskport.domain.changelog.LogReading;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;

/**
 * A page of changes on the wire.
 *
 * @param changes each a {@link TaskJson} or a {@link Deletion}
 * @param next the sync token to read on with
 * @param more whether there are more changes already
 */
@Serdeable.Serializable
@JsonInclude(JsonInclude.Include.ALWAYS)
record ChangesJson(List<Object> changes, String next, boolean more) {

  static ChangesJson of(LogReading.Page page, UserId user) {
    return new ChangesJson(
        page.entries().stream().map(ChangesJson::of).toList(),
        SyncToken.of(page.next(), user),
        page.more());
  }

  /** The task as it is now, or its deletion. */
  static Object of(LogEntry entry) {
    return entry.match(
        stored -> TaskJson.of(stored.task()),
        deleted -> new Deletion(deleted.id().toString(), Timestamps.format(deleted.deletedAt())));
  }

  /** What remains of a deleted task. */
  @Serdeable.Serializable
  record Deletion(String id, @JsonProperty("deleted_at") String deletedAt) {}
}
